using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests;

/// <summary>Requests to a backend that sleeps.</summary>
public sealed partial class WakeTests
{
    private static readonly Uri Root = new("/", UriKind.Relative);
    private static readonly Result Broken = new WispError(ErrorCode.OperationFailed, "Instance 'web-1' cannot be woken: /var/lib/wisp/x is gone.", "Mend /var/lib/wisp/x.");
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sixty_four_at_once_are_one_wake_and_sixty_four_answers()
    {
        const int Requests = 64;
        await using var application = await Application.StartAsync(context => context.Response.WriteAsync(context.Request.Path));
        await using var gateway = await TestGateway.StartAsync(application.Port);
        gateway.Backend.SetAsleep();
        gateway.Wake.Act = async _ =>
        {
            // All of them are held before the first is let go.
            await Eventually.TrueAsync(() => gateway.Backend.InFlight == Requests);
            return Result.Success;
        };
        var answers = await Task.WhenAll(Enumerable.Range(0, Requests).Select(number => gateway.Client.GetAsync(new Uri($"/{number}", UriKind.Relative), Cancel)));
        Assert.Equal((1, 1L), (gateway.Wake.Calls, gateway.Backend.Wakes));
        foreach (var (number, answer) in answers.Index())
        {
            Assert.Equal($"/{number}", await answer.Content.ReadAsStringAsync(Cancel));
            Assert.True(answer.Headers.Contains("Server-Timing"));
            answer.Dispose();
        }

        await gateway.QuietAsync();
        using var after = await gateway.Client.GetAsync(Root, Cancel);
        Assert.False(after.Headers.Contains("Server-Timing"));
        Assert.Equal(1, gateway.Wake.Calls);
    }

    [Theory]
    [InlineData(RouteProtocol.Http)]
    [InlineData(RouteProtocol.Tcp)]
    public async Task One_that_is_stopped_while_it_was_to_be_woken_leaves_its_request_to_another(RouteProtocol protocol)
    {
        await using var application = await Application.StartAsync(context => context.Response.WriteAsync("hello"));
        await using var gateway = await TestGateway.StartAsync(application.Port, protocol);
        var other = TestGateway.NewBackend(gateway.Wake, name: "web-2");
        gateway.Wake.Backend = other;
        gateway.Wake.Act = _ =>
        {
            if (gateway.Wake.Calls > 1)
            {
                return Task.FromResult(Result.Success);
            }

            gateway.Backend.SetGone();
            return Task.FromResult(Broken);
        };
        gateway.Backend.SetAsleep();
        other.SetAsleep();
        Assert.True((await gateway.PublishAsync(gateway.Route with { Targets = [.. gateway.Route.Targets, new RouteTarget(other, application.Port)] })).IsSuccess);
        Assert.Equal("hello", await gateway.Client.GetStringAsync(Root, Cancel));
        Assert.Equal((2, BackendState.Awake), (gateway.Wake.Calls, other.State));
        await gateway.QuietAsync();
    }

    [Fact]
    public async Task The_answer_of_a_woken_instance_says_where_the_time_went()
    {
        await using var application = await Application.StartAsync(context =>
        {
            context.Response.Headers["Server-Timing"] = "app;dur=1";
            return Task.CompletedTask;
        });
        var time = new FakeTimeProvider();
        await using var gateway = await TestGateway.StartAsync(application.Port, time: time);
        gateway.Backend.SetAsleep();
        gateway.Wake.Act = _ =>
        {
            time.Advance(TimeSpan.FromMilliseconds(7.5));
            return Task.FromResult(Result.Success);
        };
        using var answer = await gateway.Client.GetAsync(Root, Cancel);
        Assert.Equal(["app;dur=1", "hold;dur=7.500, wake;dur=7.500;desc=\"1\", ttfb;dur=0.000"], answer.Headers.GetValues("Server-Timing"));
        Assert.Equal(TimeSpan.FromMilliseconds(7.5), gateway.Backend.LastWake);

        await gateway.QuietAsync();
        gateway.Backend.SetAsleep();
        using var second = await gateway.Client.GetAsync(Root, Cancel);
        Assert.Equal("2", WakeNumber().Match(string.Join(',', second.Headers.GetValues("Server-Timing"))).Groups["number"].Value);
    }

    [Fact]
    public async Task A_body_that_was_held_arrives_whole()
    {
        var body = string.Concat(Enumerable.Range(0, 100_000).Select(number => number.ToString(CultureInfo.InvariantCulture)));
        await using var application = await Application.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync(await reader.ReadToEndAsync());
        });
        await using var gateway = await TestGateway.StartAsync(application.Port);
        gateway.Backend.SetAsleep();
        using var answer = await gateway.Client.PostAsync(Root, new StringContent(body), Cancel);
        Assert.Equal(body, await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task At_the_deadline_it_is_503_with_the_reason_and_the_wake_goes_on()
    {
        await using var application = await Application.StartAsync(context => context.Response.WriteAsync("late"));
        var time = new FakeTimeProvider();
        await using var gateway = await TestGateway.StartAsync(application.Port, time: time);
        gateway.Backend.SetAsleep();
        var awake = new TaskCompletionSource<Result>();
        var calledOff = false;
        gateway.Wake.Act = cancellation =>
        {
            cancellation.Register(() => calledOff = true);
            return awake.Task;
        };
        var asking = gateway.Client.GetAsync(Root, Cancel);
        await gateway.Wake.Called.WaitAsync(Cancel);
        time.Advance(gateway.Route.HoldDeadline - TimeSpan.FromMilliseconds(1));
        Assert.False(asking.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        using var answer = await asking;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter?.Delta);
        Assert.StartsWith("Instance 'web-1' of service 'web' was not ready within 30 s.", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        await gateway.QuietAsync();

        var next = gateway.Client.GetStringAsync(Root, Cancel);
        await Eventually.TrueAsync(() => gateway.Backend.InFlight == 1);
        awake.SetResult(Result.Success);
        Assert.Equal("late", await next);
        Assert.Equal((1, false), (gateway.Wake.Calls, calledOff));
    }

    [Fact]
    public async Task A_wake_that_fails_is_503_with_its_reason_and_the_next_request_tries_again()
    {
        await using var application = await Application.StartAsync(context => context.Response.WriteAsync("up"));
        await using var gateway = await TestGateway.StartAsync(application.Port);
        gateway.Backend.SetAsleep();
        gateway.Wake.Act = _ => Task.FromResult(Broken);
        using var answer = await gateway.Client.GetAsync(Root, Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.False(answer.Headers.Contains("Server-Timing"));
        Assert.Equal(
            "Instance 'web-1' of service 'web' cannot be woken: it did not start, or ended before it was ready. The log of wispd says more.\n", await answer.Content.ReadAsStringAsync(Cancel));
        await gateway.QuietAsync();

        gateway.Wake.Act = _ => Task.FromResult(Result.Success);
        Assert.Equal("up", await gateway.Client.GetStringAsync(Root, Cancel));
        Assert.Equal((2, 1L), (gateway.Wake.Calls, gateway.Backend.Wakes));
    }

    [Theory]
    [InlineData(ErrorCode.CannotBeUsed, "what it sleeps in is damaged, or was made for another host")]
    [InlineData(ErrorCode.NotFound, "it, or what it sleeps in, is not there")]
    [InlineData(ErrorCode.Quota, "as much runs already as its user may have at once")]
    [InlineData(ErrorCode.OperationFailed, "it did not start, or ended before it was ready")]
    public async Task The_public_reads_why_it_cannot_be_woken_and_no_paths_of_the_host(ErrorCode code, string reason)
    {
        await using var application = await Application.StartAsync(context => context.Response.WriteAsync("up"));
        await using var gateway = await TestGateway.StartAsync(application.Port);
        gateway.Backend.SetAsleep();
        gateway.Wake.Act = _ => Task.FromResult<Result>(new WispError(code, "/var/lib/wisp/snapshots/x/memory is torn.", "Look at /var/lib/wisp."));
        using var answer = await gateway.Client.GetAsync(Root, Cancel);
        var page = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (answer.StatusCode, answer.Headers.RetryAfter is not null));
        Assert.Contains(reason, page, StringComparison.Ordinal);
        Assert.DoesNotContain("/var", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_does_not_wait_is_counted_out_and_the_others_are_answered()
    {
        await using var application = await Application.StartAsync(context => context.Response.WriteAsync("up"));
        await using var gateway = await TestGateway.StartAsync(application.Port);
        gateway.Backend.SetAsleep();
        var awake = new TaskCompletionSource<Result>();
        gateway.Wake.Act = _ => awake.Task;
        using var impatient = await RawClient.ConnectAsync(gateway.Route.Listen);
        await impatient.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await gateway.Wake.Called.WaitAsync(Cancel);
        var patient = gateway.Client.GetStringAsync(Root, Cancel);
        await Eventually.TrueAsync(() => gateway.Backend.InFlight == 2);
        impatient.Reset();
        await Eventually.TrueAsync(() => gateway.Backend.InFlight == 1);
        awake.SetResult(Result.Success);
        Assert.Equal("up", await patient);
        await gateway.QuietAsync();
        Assert.Equal(1, gateway.Wake.Calls);
    }

    [Fact]
    public async Task A_request_while_it_falls_asleep_is_answered()
    {
        await using var application = await Application.StartAsync(context => context.Response.WriteAsync("up"));
        await using var gateway = await TestGateway.StartAsync(application.Port);
        Assert.True(gateway.Backend.TryFallAsleep());
        Assert.Equal("up", await gateway.Client.GetStringAsync(Root, Cancel));
        Assert.Equal((1, BackendState.Awake), (gateway.Wake.Calls, gateway.Backend.State));
    }

    [Fact]
    public async Task An_instance_with_an_open_request_does_not_fall_asleep()
    {
        var (running, done) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var application = await Application.StartAsync(async context =>
        {
            running.SetResult();
            await done.Task;
        });
        await using var gateway = await TestGateway.StartAsync(application.Port);
        var asking = gateway.Client.GetAsync(Root, Cancel);
        await running.Task.WaitAsync(Cancel);
        Assert.False(gateway.Backend.TryFallAsleep());
        Assert.Equal(BackendState.Awake, gateway.Backend.State);
        done.SetResult();
        (await asking).Dispose();
        await gateway.QuietAsync();
        Assert.True(gateway.Backend.TryFallAsleep());
    }

    [Fact]
    public async Task Who_is_awake_is_asked_before_who_sleeps()
    {
        await using var awake = await Application.StartAsync(context => context.Response.WriteAsync("awake"));
        await using var gateway = await TestGateway.StartAsync(1);
        gateway.Backend.SetAsleep();
        var other = TestGateway.NewBackend(gateway.Wake, name: "web-2");
        other.SetAwake();
        await gateway.PublishAsync(gateway.Route with { Targets = [.. gateway.Route.Targets, new RouteTarget(other, awake.Port)] });
        Assert.Equal("awake", await gateway.Client.GetStringAsync(Root, Cancel));
        Assert.Equal(0, gateway.Wake.Calls);
    }

    [GeneratedRegex("wake;dur=[0-9.]+;desc=\"(?<number>[0-9]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex WakeNumber();
}
