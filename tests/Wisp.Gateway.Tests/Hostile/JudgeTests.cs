using System.Diagnostics;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests.Hostile;

/// <summary>Clients that are not ours, nor .NET's.</summary>
public sealed class JudgeTests : IDisposable
{
    private const string Greet = """
        import asyncio, ssl, sys, websockets
        async def main(url, host, port):
            tls = {"ssl": ssl.create_default_context(cafile=sys.argv[4]), "server_hostname": "shop.localhost"} if url.startswith("wss") else {}
            async with websockets.connect(url, host=host, port=int(port), max_size=None, **tls) as socket:
                for text in ["one", "", "x" * 300000]:
                    await socket.send(text)
                    assert await socket.recv() == text
                await (await socket.ping())
                await socket.close(4000, "enough")
                print(socket.close_code, socket.close_reason)
        asyncio.run(main(*sys.argv[1:4]))
        """;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("wisp-judge-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Authority => Path.Combine(_directory.FullName, "ca.pem");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pythons_websockets_talk_in_messages_and_say_goodbye(bool isTls)
    {
        await using var application = await EchoAsync();
        await using var gateway = await StartAsync(application.Port, isTls);
        var (exit, said) = await RunAsync(
            "/usr/bin/python3", "-c", Greet, isTls ? "wss://shop.localhost/socket" : "ws://shop.localhost/socket",
            $"{gateway.Route.Listen.Address}", $"{gateway.Route.Listen.Port}", Authority);
        Assert.Equal((0, "4000 enough"), (exit, said.Trim()));
        await gateway.QuietAsync();
    }

    [Fact(Timeout = 60_000)]
    public async Task Nghttp_uploads_downloads_and_reads_trailers()
    {
        await using var application = await Application.StartAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.DeclareTrailer("x-length");
            var length = 0L;
            var buffer = new byte[16 * 1024];
            for (int read; (read = await context.Request.Body.ReadAsync(buffer, Cancel)) > 0; length += read)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), Cancel);
            }

            context.Response.AppendTrailer("x-length", $"{length}");
        }, protocols: Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http2);
        await using var gateway = await StartAsync(application.Port, isTls: true);
        var body = Path.Combine(_directory.FullName, "body");
        await File.WriteAllBytesAsync(body, new byte[3 << 20], Cancel);
        var (exit, said) = await RunAsync(
            "nghttp", "--no-verify-peer", "-nv", "-H", ":authority: shop.localhost", "-H", "content-type: application/grpc", "-d", body, $"https://{gateway.Route.Listen}/");
        Assert.Equal(0, exit);
        Assert.Contains(":status: 200", said, StringComparison.Ordinal);
        Assert.Contains($"x-length: {3 << 20}", said, StringComparison.Ordinal);
        Assert.DoesNotContain("RST_STREAM", said, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task H2load_sends_many_at_once_and_all_succeed()
    {
        await using var application = await Application.StartAsync(context => context.Response.WriteAsync(context.Request.Host.Value!));
        await using var gateway = await StartAsync(application.Port, isTls: true);
        var (exit, said) = await RunAsync(
            "h2load", "-n", "2000", "-c", "10", "-m", "50", "-H", ":authority: shop.localhost", "--connect-to", $"{gateway.Route.Listen}", "https://shop.localhost/");
        Assert.Equal(0, exit);
        Assert.Contains("2000 succeeded, 0 failed, 0 errored, 0 timeout", said, StringComparison.Ordinal);
        await gateway.QuietAsync();
    }

    [Theory(Timeout = 60_000)]
    [InlineData("--http1.1")]
    [InlineData("--http2")]
    public async Task Curl_sends_a_body_that_the_guest_wants_and_none_that_it_does_not(string version)
    {
        await using var application = await Application.StartAsync(async context =>
        {
            if (context.Request.Path == "/no")
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return;
            }

            await context.Request.Body.CopyToAsync(context.Response.Body, Cancel);
        });
        await using var gateway = await StartAsync(application.Port, isTls: true);
        var body = Path.Combine(_directory.FullName, "body");
        await File.WriteAllTextAsync(body, new string('x', 2 << 20), Cancel);
        string[] common =
        [
            "-sS", version, "--cacert", Authority, "--connect-to", $"shop.localhost:443:{gateway.Route.Listen}", "-o", Path.Combine(_directory.FullName, "answer"),
            "-w", "%{http_code} %{size_download}", "-H", "Expect: 100-continue", "--expect100-timeout", "30", "-T", body,
        ];
        Assert.Equal((0, $"200 {2 << 20}"), await RunAsync("curl", [.. common, "https://shop.localhost/yes"]));
        Assert.Equal((0, "401 0"), await RunAsync("curl", [.. common, "https://shop.localhost/no"]));
    }

    [Fact(Timeout = 60_000)]
    public async Task Openssl_is_answered_in_the_version_that_it_insists_on()
    {
        await using var application = await Application.StartAsync(context => context.Response.WriteAsync("over tls"));
        await using var gateway = await StartAsync(application.Port, isTls: true);
        foreach (var version in (string[])["-tls1_2", "-tls1_3"])
        {
            var (_, said) = await RunAsync(
                "/bin/sh", "-c",
                $"(printf 'GET / HTTP/1.1\\r\\nHost: shop.localhost\\r\\nConnection: close\\r\\n\\r\\n'; cat) | openssl s_client -quiet -verify_return_error -CAfile {Authority} -servername shop.localhost {version} -connect {gateway.Route.Listen} 2>&1");
            Assert.Contains("over tls", said, StringComparison.Ordinal);
        }
    }

    private static Task<Application> EchoAsync() => Application.StartAsync(async context =>
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[8192];
        while (await socket.ReceiveAsync(buffer.AsMemory(), Cancel) is { MessageType: not WebSocketMessageType.Close } got)
        {
            await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, Cancel);
        }

        await socket.CloseAsync(socket.CloseStatus!.Value, socket.CloseStatusDescription, Cancel);
    });

    private static async Task<(int Exit, string Said)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false })!;
        process.StandardInput.Close();
        var failed = process.StandardError.ReadToEndAsync(Cancel);
        var said = await process.StandardOutput.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        TestContext.Current.TestOutputHelper?.WriteLine(await failed);
        return (process.ExitCode, said);
    }

    private async Task<TestGateway> StartAsync(int port, bool isTls)
    {
        await File.WriteAllTextAsync(Authority, TestAuthority.Instance.CertificatePem, Cancel);
        return isTls ? await TestGateway.StartHttpsAsync(port) : await TestGateway.StartAsync(port);
    }
}
