using System.Net;
using Microsoft.AspNetCore.Http;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests;

/// <summary>What goes wrong with a backend that is awake, or with the client, and what is left behind: nothing.</summary>
public sealed class FailureTests
{
    private static readonly Uri Root = new("/", UriKind.Relative);
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_backend_that_refuses_connections_is_502_and_named()
    {
        var port = TcpApplication.NobodysPort();
        await using var gateway = await TestGateway.StartAsync(port);
        using var answer = await gateway.Client.GetAsync(Root, Cancel);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.StartsWith($"Service 'web': instance 'web-1' does not listen on port {port}.", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        await gateway.QuietAsync();
    }

    [Fact]
    public async Task A_backend_that_hangs_up_without_an_answer_is_502_and_named()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var answered = new CancellationTokenSource();
        // It may be asked again: a connection that ends before the first byte is not yet an answer.
        var hangingUp = Task.Run(
            async () =>
            {
                while (true)
                {
                    using var connection = await application.AcceptAsync(answered.Token);
                    await connection.ReadUntilAsync("\r\n\r\n");
                }
            },
            Cancel);
        using var answer = await gateway.Client.GetAsync(Root, Cancel);
        await answered.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hangingUp);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.StartsWith("Service 'web': instance 'web-1' did not answer", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        await gateway.QuietAsync();
    }

    [Fact]
    public async Task A_machine_that_dies_ends_its_requests_at_once_and_is_named()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        var asking = gateway.Client.GetAsync(Root, Cancel);
        using var connection = await application.AcceptAsync();
        await connection.ReadUntilAsync("\r\n\r\n");
        await gateway.Backend.EndMachineAsync();
        using var answer = await asking;
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.StartsWith("Service 'web': instance 'web-1' ended before it answered.", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        await gateway.QuietAsync();
    }

    [Fact]
    public async Task Connections_to_a_machine_that_will_be_frozen_are_closed_and_traffic_still_calls_for_it()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        var asking = gateway.Client.GetAsync(Root, Cancel);
        using var connection = await application.AcceptAsync();
        await connection.ReadUntilAsync("\r\n\r\n");
        await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        using (await asking)
        {
            await gateway.QuietAsync();
        }

        gateway.Backend.CloseConnections();
        Assert.Equal("", await connection.ReadToEndAsync());
        await gateway.Backend.LoseMachineAsync(isKept: false);
        Assert.Equal(BackendState.Asleep, gateway.Backend.State);
        asking = gateway.Client.GetAsync(Root, Cancel);
        using var next = await application.AcceptAsync();
        await next.ReadUntilAsync("\r\n\r\n");
        await next.SendAsync("HTTP/1.1 204 No Content\r\n\r\n");
        using var answer = await asking;
        Assert.Equal((HttpStatusCode.NoContent, 1), (answer.StatusCode, gateway.Wake.Calls));
        await gateway.QuietAsync();
    }

    [Fact]
    public async Task A_backend_that_answers_nonsense_is_502()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        var asking = gateway.Client.GetAsync(Root, Cancel);
        using var connection = await application.AcceptAsync();
        await connection.ReadUntilAsync("\r\n\r\n");
        await connection.SendAsync("I am not a web server\r\n\r\n");
        using var answer = await asking;
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        await gateway.QuietAsync();
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_not_passed_off_as_whole()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        using (var connection = await application.AcceptAsync())
        {
            await connection.ReadUntilAsync("\r\n\r\n");
            await connection.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
            await client.ReadUntilAsync("half");
        }

        try
        {
            Assert.DoesNotContain("0\r\n\r\n", await client.ReadToEndAsync(), StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // Cut off by a reset: as good.
        }

        await gateway.QuietAsync();
    }

    [Fact]
    public async Task A_body_that_the_client_sends_wrongly_is_the_clients_mistake()
    {
        await using var application = await Application.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await context.Response.WriteAsync("read");
        });
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nthis is no length\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", await client.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        await gateway.QuietAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_goes_away_ends_its_request_and_is_counted_out(bool reset)
    {
        var (running, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var application = await Application.StartAsync(async context =>
        {
            running.SetResult();
            await using var registration = context.RequestAborted.Register(ended.SetResult);
            await ended.Task;
        });
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using (var client = await RawClient.ConnectAsync(gateway.Route.Listen))
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            await running.Task.WaitAsync(Cancel);
            Assert.Equal(1, gateway.Backend.InFlight);
            if (reset)
            {
                client.Reset();
            }
        }

        await ended.Task.WaitAsync(Cancel);
        await gateway.QuietAsync();
    }

    [Fact]
    public async Task A_client_that_goes_away_in_the_middle_of_its_body_is_counted_out()
    {
        var running = new TaskCompletionSource();
        await using var application = await Application.StartAsync(async context =>
        {
            running.SetResult();
            await context.Request.Body.CopyToAsync(Stream.Null);
        });
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using (var client = await RawClient.ConnectAsync(gateway.Route.Listen))
        {
            await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf");
            await running.Task.WaitAsync(Cancel);
        }

        await gateway.QuietAsync();
    }

    [Fact]
    public async Task A_stopped_instance_is_503_and_says_how_to_start_it()
    {
        await using var gateway = await TestGateway.StartAsync(1);
        gateway.Backend.SetGone();
        using var answer = await gateway.Client.GetAsync(Root, Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal("Service 'web': its instance 'web-1' is stopped. Start it: wisp instances start web-1\n", await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal((0, 0), (gateway.Wake.Calls, gateway.Backend.InFlight));
    }

    [Fact]
    public async Task A_service_without_instances_is_503_and_says_so()
    {
        await using var gateway = await TestGateway.StartAsync(1);
        await gateway.PublishAsync(gateway.Route with { Targets = [] });
        using var answer = await gateway.Client.GetAsync(Root, Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.StartsWith("Service 'web' has no instance.", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }
}
