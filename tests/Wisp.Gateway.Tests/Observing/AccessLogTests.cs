using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Wisp.Gateway.Observing;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests.Observing;

/// <summary>The access log: one line of JSON for each request or connection.</summary>
public sealed class AccessLogTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_line_says_who_asked_for_what_and_what_became_of_it_and_no_secret()
    {
        await using var application = await Application.StartAsync(context => context.Response.WriteAsync("123456789"));
        await using var logged = await LoggedGateway.StartAsync(application.Port);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/a%2Fb?token=secret")
        {
            Headers = { Host = "shop.localhost", Authorization = new("Bearer", "secret") }, Content = new StringContent("12345"),
        };
        request.Headers.Add("Cookie", "id=secret");
        using var answer = await logged.Gateway.Client.SendAsync(request, Cancel);
        var line = Assert.Single(await logged.LinesAsync(1));
        Assert.Equal(
            ["time", "service", "domain", "instance", "client", "method", "path", "protocol", "status", "bytes_in", "bytes_out", "duration_ms", "trace_id"],
            line.EnumerateObject().Select(member => member.Name));
        Assert.Equal(
            ("web", "shop.localhost", "web-1", "POST", "/a%2Fb", "HTTP/1.1"),
            (Text(line, "service"), Text(line, "domain"), Text(line, "instance"), Text(line, "method"), Text(line, "path"), Text(line, "protocol")));
        Assert.Equal((200, 5, 9), (line.GetProperty("status").GetInt32(), line.GetProperty("bytes_in").GetInt64(), line.GetProperty("bytes_out").GetInt64()));
        Assert.StartsWith("127.0.0.1:", Text(line, "client"), StringComparison.Ordinal);
        Assert.True(line.GetProperty("time").GetDateTime().Kind == DateTimeKind.Utc && line.GetProperty("duration_ms").GetDouble() > 0);
        Assert.DoesNotContain("secret", await File.ReadAllTextAsync(logged.File, Cancel), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(logged.File));
    }

    [Fact]
    public async Task A_wake_and_a_retry_are_in_it_and_why_the_gateway_itself_answered()
    {
        await using var application = await Application.StartAsync(_ => Task.CompletedTask);
        await using var logged = await LoggedGateway.StartAsync(application.Port);
        var gateway = logged.Gateway;
        gateway.Backend.SetAsleep();
        await gateway.Client.GetStringAsync(new Uri("/", UriKind.Relative), Cancel);
        var deaf = TestGroup.TargetAt(TcpApplication.NobodysPort(), 1);
        deaf.Backend.SetAwake();
        await gateway.PublishAsync(gateway.Route with { Targets = [deaf, .. gateway.Route.Targets] });
        await gateway.Client.GetStringAsync(new Uri("/", UriKind.Relative), Cancel);
        await gateway.PublishAsync(gateway.Route with { HardLimit = 0 });
        using var refused = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), Cancel);
        var lines = await logged.LinesAsync(3);
        Assert.True(lines[0].GetProperty("hold_ms").GetDouble() >= lines[0].GetProperty("wake_ms").GetDouble());
        Assert.Equal((1, "web-1", false), (lines[1].GetProperty("retried").GetInt32(), Text(lines[1], "instance"), lines[1].TryGetProperty("hold_ms", out _)));
        Assert.Equal((503, "limit", false), (lines[2].GetProperty("status").GetInt32(), Text(lines[2], "error"), lines[2].TryGetProperty("instance", out _)));
    }

    [Fact]
    public async Task Whatever_a_client_writes_a_line_is_a_line_and_what_has_no_service_has_one_too()
    {
        await using var logged = await LoggedGateway.StartAsync(1);
        await logged.Gateway.PublishAsync(logged.Gateway.Route with { Domains = ["web.localhost"] });
        using var client = await RawClient.ConnectAsync(logged.Gateway.Route.Listen);
        await client.SendAsync("GET /%0A%22}{%22status%22:200/\"\\\u007f<script> HTTP/1.1\r\nHost: other\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 404", await client.ReadToEndAsync(), StringComparison.Ordinal);
        var line = Assert.Single(await logged.LinesAsync(1));
        Assert.Equal((404, "no_service", "other", false), (line.GetProperty("status").GetInt32(), Text(line, "error"), Text(line, "domain"), line.TryGetProperty("service", out _)));
        Assert.Equal("/%0A%22}{%22status%22:200/\"\\\u007f<script>", Text(line, "path"));
    }

    [Fact]
    public async Task A_client_that_does_not_wait_is_499()
    {
        var asked = new TaskCompletionSource();
        await using var application = await Application.StartAsync(async context =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await using var logged = await LoggedGateway.StartAsync(application.Port);
        using (var client = await RawClient.ConnectAsync(logged.Gateway.Route.Listen))
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            await asked.Task.WaitAsync(Cancel);
            client.Reset();
        }

        var line = Assert.Single(await logged.LinesAsync(1));
        Assert.Equal((499, 1), (line.GetProperty("status").GetInt32(), logged.Gateway.Route.Traffic.Statuses[3]));
    }

    [Fact]
    public async Task A_connection_without_http_has_one_line_at_its_end()
    {
        using var application = new TcpApplication();
        await using var logged = await LoggedGateway.StartAsync(application.Port, RouteProtocol.Tcp);
        using (var client = await RawClient.ConnectAsync(logged.Gateway.Route.Listen))
        using (var guest = await application.AcceptAsync())
        {
            await client.SendAsync("question");
            Assert.Equal("question", await guest.ReadUntilAsync("question"));
            Assert.Equal(0, logged.Log.Lines);
        }

        var line = Assert.Single(await logged.LinesAsync(1));
        Assert.Equal(["time", "service", "instance", "client", "protocol", "bytes_in", "bytes_out", "duration_ms"], line.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("web", "web-1", "tcp", 8), (Text(line, "service"), Text(line, "instance"), Text(line, "protocol"), line.GetProperty("bytes_in").GetInt64()));
    }

    [Fact]
    public async Task Of_some_lines_only_failures_are_written_all_the_same()
    {
        await using var application = await Application.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Path == "/broken" ? 500 : 200;
            return Task.CompletedTask;
        });
        var drawn = 0.0;
        await using var logged = await LoggedGateway.StartAsync(application.Port, rate: 0.25, draw: () => drawn);
        foreach (var (number, path) in ((double, string)[])[(0.24, "/in"), (0.25, "/out"), (0.99, "/broken"), (0, "/last")])
        {
            drawn = number;
            using var answer = await logged.Gateway.Client.GetAsync(new Uri(path, UriKind.Relative), Cancel);
            await Eventually.TrueAsync(() => logged.Gateway.Route.Traffic.InFlight == 0);
        }

        Assert.Equal(["/in", "/broken", "/last"], (await logged.LinesAsync(3)).Select(line => Text(line, "path")));
    }

    [Fact]
    public async Task After_it_was_moved_away_it_is_opened_again_and_no_line_is_lost()
    {
        await using var application = await Application.StartAsync(_ => Task.CompletedTask);
        await using var logged = await LoggedGateway.StartAsync(application.Port);
        var moved = logged.File + ".1";
        await AskAsync(logged, "/1");
        await logged.LinesAsync(1);
        File.Move(logged.File, moved);
        await AskAsync(logged, "/2");
        await Eventually.TrueAsync(() => logged.Log.Lines == 2);
        logged.Log.Reopen();
        await Eventually.TrueAsync(() => File.Exists(logged.File));
        await AskAsync(logged, "/3");
        Assert.Equal(["/3"], (await logged.LinesAsync(3)).Select(line => Text(line, "path")));
        Assert.Equal(["/1", "/2"], (await LoggedGateway.ReadAsync(moved)).Select(line => Text(line, "path")));
    }

    [Fact]
    public async Task Who_truncates_it_or_writes_to_it_as_well_finds_every_line_at_its_end()
    {
        await using var application = await Application.StartAsync(_ => Task.CompletedTask);
        await using var logged = await LoggedGateway.StartAsync(application.Port);
        await AskAsync(logged, "/1");
        await logged.LinesAsync(1);
        await File.WriteAllTextAsync(logged.File, "", Cancel);
        await AskAsync(logged, "/2");
        await logged.LinesAsync(2);
        await File.AppendAllTextAsync(logged.File, "{\"path\":\"from elsewhere\"}\n", Cancel);
        await AskAsync(logged, "/3");
        Assert.Equal(["/2", "from elsewhere", "/3"], (await logged.LinesAsync(3)).Select(line => Text(line, "path")));
    }

    [Fact]
    public async Task After_a_write_that_failed_the_next_line_is_one_of_its_own()
    {
        var directory = Directory.CreateTempSubdirectory("wisp-access-").FullName;
        var pipe = Path.Combine(directory, "pipe");
        using (var making = Process.Start("mkfifo", pipe))
        {
            await making.WaitForExitAsync(Cancel);
        }

        var gone = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite);
        Assert.False(AccessLog.Open(pipe, 1, () => 0, NullLogger.Instance).Failed(out _, out var log));
        await gone.DisposeAsync();
        log.Write(Entry("/1"));
        await Eventually.TrueAsync(() => log.Dropped == 1);
        await using var reader = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite);
        log.Write(Entry("/2"));
        await Eventually.TrueAsync(() => log.Lines == 1);
        await log.DisposeAsync();
        using var lines = new StreamReader(reader);
        Assert.Equal("", await lines.ReadLineAsync(Cancel));
        Assert.Contains("\"/2\"", await lines.ReadLineAsync(Cancel), StringComparison.Ordinal);
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_line_that_cannot_be_written_ends_no_other()
    {
        await using var logged = await LoggedGateway.StartAsync(1);
        var unspeakable = Entry("/1");
        unspeakable.DurationMs = double.NaN;
        logged.Log.Write(unspeakable);
        logged.Log.Write(Entry("/2"));
        Assert.Equal("/2", Text(Assert.Single(await logged.LinesAsync(1)), "path"));
        Assert.Equal(1, logged.Log.Dropped);
    }

    [Fact]
    public async Task What_a_client_writes_at_length_is_cut()
    {
        await using var application = await Application.StartAsync(_ => Task.CompletedTask);
        await using var logged = await LoggedGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(logged.Gateway.Route.Listen);
        await client.SendAsync($"GET /{new string('p', 3000)} HTTP/1.1\r\nHost: {new string('h', 3000)}\r\nConnection: close\r\n\r\n");
        await client.ReadToEndAsync();
        var line = Assert.Single(await logged.LinesAsync(1));
        Assert.Equal(("/" + new string('p', 1023), new string('h', 1024)), (Text(line, "path"), Text(line, "domain")));
    }

    [Fact]
    public async Task When_nobody_takes_the_lines_requests_go_on_and_what_is_dropped_is_counted()
    {
        // A pipe that is full: it is opened, and read by nobody.
        var directory = Directory.CreateTempSubdirectory("wisp-access-").FullName;
        var pipe = Path.Combine(directory, "pipe");
        using (var making = Process.Start("mkfifo", pipe))
        {
            await making.WaitForExitAsync(Cancel);
        }

        // Open at both ends, so that nobody waits for the other to open it; a reader of its own, which comes to an end once all who write have closed it.
        await using var both = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite);
        await using var reader = new FileStream(pipe, FileMode.Open, FileAccess.Read);
        Assert.False(AccessLog.Open(pipe, 1, () => 0, NullLogger.Instance, queue: 4).Failed(out _, out var log));
        await using var application = await Application.StartAsync(_ => Task.CompletedTask);
        await using (var gateway = await TestGateway.StartAsync(application.Port, log: log))
        {
            // Longer than a pipe holds, whatever is read of it in one piece.
            var path = new Uri("/" + new string('x', 4000), UriKind.Relative);
            while (log.Dropped == 0)
            {
                using var answer = await gateway.Client.GetAsync(path, Cancel);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }

            Assert.Equal(log.Dropped, gateway.Gateway.Traffic.AccessLogDropped);
        }

        // Its writer waits for a reader; now there is one.
        var drained = reader.CopyToAsync(Stream.Null, Cancel);
        await log.DisposeAsync();
        both.Close();
        await drained;
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_refused_with_the_way_out()
    {
        Assert.True(AccessLog.Open("/proc/none/access.log", 1, () => 0, NullLogger.Instance).Failed(out var error, out _));
        Assert.Contains("/proc/none", error.Message, StringComparison.Ordinal);
    }

    private static async Task AskAsync(LoggedGateway logged, string path)
    {
        using var answer = await logged.Gateway.Client.GetAsync(new Uri(path, UriKind.Relative), Cancel);
    }

    private static AccessEntry Entry(string path) => new() { Time = DateTime.UnixEpoch, Protocol = "HTTP/1.1", Path = path };

    private static string? Text(JsonElement line, string name) => line.GetProperty(name).GetString();
}
