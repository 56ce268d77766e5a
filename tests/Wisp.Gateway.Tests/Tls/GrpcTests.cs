using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests.Tls;

/// <summary>gRPC's shape of HTTP/2: both sides talk at once, and the end is told in trailers.</summary>
public sealed class GrpcTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_sides_talk_at_once_and_trailers_come()
    {
        await using var application = await Application.StartAsync(EchoAsync, protocols: HttpProtocols.Http2);
        await using var gateway = await StartAsync(application.Port);
        for (var round = 0; round < 3; round++)
        {
            using var client = TlsClient.Http(gateway.Route.Listen, HttpVersion.Version20);
            var said = new StreamContentThatLasts();
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("https://shop.localhost/echo.Echo/Talk")) { Content = said };
            said.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
            request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            var asking = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
            await said.SayAsync("one");
            using var answer = await asking;
            await using var heard = await answer.Content.ReadAsStreamAsync(Cancel);
            Assert.Equal("one", await ReadAsync(heard));
            await said.SayAsync("two");
            Assert.Equal("two", await ReadAsync(heard));
            said.End();
            Assert.Equal(0, await heard.ReadAsync(new byte[1], Cancel));
            Assert.Equal("0", answer.TrailingHeaders.GetValues("grpc-status").Single());
        }

        await gateway.QuietAsync();
    }

    [Fact]
    public async Task A_guest_that_speaks_only_the_older_version_is_asked_in_it()
    {
        await using var application = await Application.StartAsync(context => context.Response.WriteAsync(context.Request.Protocol));
        await using var gateway = await StartAsync(application.Port);
        using var client = TlsClient.Http(gateway.Route.Listen, HttpVersion.Version20);
        using var content = new ByteArrayContent([]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using var answer = await client.PostAsync(new Uri("https://shop.localhost/"), content, Cancel);
        Assert.Equal("HTTP/1.1", await answer.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task EchoAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        var buffer = new byte[64];
        int length;
        while ((length = await context.Request.Body.ReadAsync(buffer, Cancel)) > 0)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, length), Cancel);
            await context.Response.Body.FlushAsync(Cancel);
        }

        context.Response.AppendTrailer("grpc-status", "0");
    }

    private static async Task<string> ReadAsync(Stream stream)
    {
        var buffer = new byte[3];
        await stream.ReadExactlyAsync(buffer, Cancel);
        return System.Text.Encoding.ASCII.GetString(buffer);
    }

    private static async Task<TestGateway> StartAsync(int port)
    {
        var gateway = await TestGateway.StartAsync(port);
        var route = gateway.Route with { Tls = true, Domains = ["shop.localhost"], Certificates = HttpsTests.Of("shop.localhost") };
        Assert.True((await gateway.PublishAsync(route)).IsSuccess);
        return gateway with { Route = route };
    }

    private sealed class StreamContentThatLasts : HttpContent
    {
        private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task SayAsync(string text)
        {
            var stream = await _stream.Task.WaitAsync(Cancel);
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(text), Cancel);
            await stream.FlushAsync(Cancel);
        }

        public void End() => _end.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            _stream.SetResult(stream);
            await _end.Task.WaitAsync(Cancel);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
