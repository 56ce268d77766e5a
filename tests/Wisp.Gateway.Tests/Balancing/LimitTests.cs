using System.Net;
using System.Net.Sockets;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests.Balancing;

/// <summary>Soft and hard limits, over real sockets.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task At_the_soft_limit_the_next_one_is_woken_and_takes_the_request()
    {
        await using var one = await HeldApplication.StartAsync();
        await using var two = await HeldApplication.StartAsync();
        await using var group = await TestGroup.StartAsync([one.Port, two.Port]);
        var first = group.GetAsync();
        await one.ArrivedAsync(1);
        Assert.Equal(BackendState.Asleep, group[1].State);
        var second = group.GetAsync();
        await two.ArrivedAsync(1);
        Assert.Equal((1, 1, 1L), (group[0].InFlight, group[1].InFlight, group[1].Wakes));
        // None sleeps any more: both have one, and so the first takes another.
        var third = group.GetAsync();
        await one.ArrivedAsync(2);
        one.Release();
        two.Release();
        foreach (var asking in (Task<HttpResponseMessage>[])[first, second, third])
        {
            using var answer = await asking;
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        await group.QuietAsync();
    }

    [Fact]
    public async Task Of_two_hundred_clients_at_once_exactly_the_hard_limit_is_served_and_the_others_are_refused()
    {
        const int Hard = 23;
        await using var one = await HeldApplication.StartAsync();
        await using var two = await HeldApplication.StartAsync();
        await using var group = await TestGroup.StartAsync([one.Port, two.Port], route => route with { SoftLimit = 4, HardLimit = Hard });
        var asking = Enumerable.Range(0, 200).Select(_ => group.GetAsync()).ToArray();
        await one.ArrivedAsync(Hard);
        await two.ArrivedAsync(Hard);
        var refused = 0;
        await foreach (var answered in Task.WhenEach(asking))
        {
            using var answer = await answered;
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                continue;
            }

            Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(2)), (answer.StatusCode, answer.Headers.RetryAfter?.Delta));
            Assert.Contains($"each instance that runs serves {Hard} at once", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            if (++refused == 200 - (2 * Hard))
            {
                one.Release();
                two.Release();
            }
        }

        Assert.Equal((200 - (2 * Hard), Hard, Hard), (refused, one.Arrived, two.Arrived));
        await group.QuietAsync();
    }

    [Fact]
    public async Task A_connection_above_the_hard_limit_is_reset()
    {
        using var application = new TcpApplication();
        await using var group = await TestGroup.StartAsync([application.Port], route => route with { Protocol = RouteProtocol.Tcp, HardLimit = 1 });
        using var served = await RawClient.ConnectAsync(group.Route.Listen);
        using var guest = await application.AcceptAsync();
        // The reset may be faster than the client is with its connection.
        var reset = await Record.ExceptionAsync(async () =>
        {
            using var refused = await RawClient.ConnectAsync(group.Route.Listen);
            await refused.ReadToEndAsync();
        });
        Assert.True(reset is IOException or SocketException, $"{reset}");
        await guest.SendAsync("on");
        Assert.Equal("on", await served.ReadUntilAsync("on"));
    }

    [Fact]
    public async Task One_that_stops_takes_nothing_new_and_finishes_what_it_has()
    {
        await using var one = await HeldApplication.StartAsync();
        await using var two = await HeldApplication.StartAsync();
        await using var group = await TestGroup.StartAsync([one.Port, two.Port], route => route with { SoftLimit = 9 });
        var before = group.GetAsync();
        await one.ArrivedAsync(1);
        group[0].SetGone();
        var after = group.GetAsync();
        await two.ArrivedAsync(1);
        one.Release();
        two.Release();
        using var first = await before;
        using var second = await after;
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, 1, 1), (first.StatusCode, second.StatusCode, one.Arrived, two.Arrived));
    }

    [Fact]
    public async Task A_service_that_can_soon_have_no_more_instances_says_so_on_its_answers()
    {
        await using var application = await Application.StartAsync(_ => Task.CompletedTask);
        var demand = new NearLimit();
        await using var group = await TestGroup.StartAsync([application.Port], route => route with { Demand = demand });
        foreach (var near in (bool[])[false, true, false])
        {
            demand.IsNearLimit = near;
            using var answer = await group.GetAsync();
            Assert.Equal(near ? ["1"] : [], answer.Headers.TryGetValues("X-Wisp-High-Watermark", out var values) ? values : []);
        }
    }

    private sealed class NearLimit : IDemand
    {
        public bool IsNearLimit { get; set; }

        public void NoneFree()
        {
        }
    }
}
