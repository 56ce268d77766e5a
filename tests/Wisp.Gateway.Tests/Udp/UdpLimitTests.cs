using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Wisp.Gateway.Forwarding;
using Wisp.Gateway.Forwarding.Udp;
using Wisp.Gateway.Listening;
using Wisp.Gateway.Observing;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests.Udp;

/// <summary>What senders of datagrams can make the gateway keep.</summary>
public sealed class UdpLimitTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly UdpApplication _guest = new();
    private readonly FakeWake _wake = new();
    private readonly ListenSockets _sockets = new();
    private readonly Backend _backend;
    private readonly Route _route;
    private UdpServices? _services;

    public UdpLimitTests()
    {
        _backend = _wake.Backend = TestGateway.NewBackend(_wake, _time);
        _backend.SetAwake();
        _route = TestGateway.NewRoute(new RouteTarget(_backend, _guest.Port), RouteProtocol.Udp);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_ends_when_nothing_was_said_in_it_for_a_while_and_that_keeps_nobody_awake()
    {
        var service = await StartAsync(new UdpLimits { Idle = TimeSpan.FromSeconds(60) });
        using UdpApplication silent = Client(), talking = Client();
        silent.Send("one");
        await _guest.HearAsync();
        talking.Send("one");
        var (_, toTalking) = await _guest.HearFromAsync();
        Assert.Equal((2, 2), (service.Count, _backend.InFlight));
        await Eventually.TrueAsync(() => !_backend.IsBusy);
        _time.Advance(TimeSpan.FromSeconds(40));
        // What the guest says counts, too.
        _guest.Send("still here", toTalking);
        await talking.HearAsync();
        await Eventually.TrueAsync(() => _backend.Idle == TimeSpan.Zero && !_backend.IsBusy);
        _time.Advance(TimeSpan.FromSeconds(21));
        Assert.Equal((1, 1, 1), (service.Count, _backend.InFlight, _backend.Parked));
        Assert.Equal(TimeSpan.FromSeconds(21), _backend.Idle);
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal((0, 0, 0), (service.Count, _backend.InFlight, _backend.Parked));
        silent.Send("two");
        Assert.Equal("two", await _guest.HearAsync());
    }

    [Fact]
    public async Task One_session_too_many_ends_the_one_that_was_silent_longest()
    {
        var service = await StartAsync(new UdpLimits { Sessions = 2 });
        using UdpApplication one = Client(), two = Client(), three = Client();
        one.Send("1");
        var (_, toOne) = await _guest.HearFromAsync();
        two.Send("2");
        var (_, toTwo) = await _guest.HearFromAsync();
        one.Send("1 again");
        Assert.Equal(("1 again", toOne), await _guest.HearFromAsync());
        three.Send("3");
        await _guest.HearAsync();
        Assert.Equal((2, 2), (service.Count, _backend.InFlight));
        one.Send("1 still");
        Assert.Equal(("1 still", toOne), await _guest.HearFromAsync());
        two.Send("2 anew");
        var (text, from) = await _guest.HearFromAsync();
        Assert.Equal("2 anew", text);
        Assert.NotEqual(toTwo, from);
    }

    [Fact]
    public async Task All_ports_share_a_budget_of_which_one_tenant_has_half_and_who_has_most_gives_up_its_oldest()
    {
        var first = await StartAsync(new UdpLimits { SessionsOfAll = 8 });
        var second = await PublishAsync(_route.Tenant);
        var strangers = await PublishAsync(Guid.NewGuid());
        await SayAsync(strangers, 1);
        await SayAsync(first, 6);
        Assert.Equal((4, 0, 1), (first.Count, second.Count, strangers.Count));
        await SayAsync(second, 3);
        Assert.Equal((2, 2, 1), (first.Count, second.Count, strangers.Count));
        await SayAsync(strangers, 9);
        Assert.Equal((2, 2, 4), (first.Count, second.Count, strangers.Count));
        // All is taken, and by two; a third is heard all the same.
        var third = await PublishAsync(Guid.NewGuid());
        await SayAsync(third, 1);
        Assert.Equal((2, 2, 3, 1, 8), (first.Count, second.Count, strangers.Count, third.Count, _backend.InFlight));
        await _services!.UnpublishAsync(first.Route.Id);
        await SayAsync(second, 2);
        Assert.Equal((4, 3, 1), (second.Count, strangers.Count, third.Count));
    }

    [Fact]
    public void All_ports_together_have_a_quarter_of_the_descriptors()
    {
        var limit = File.ReadLines("/proc/self/limits").Single(line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        var descriptors = limit == "unlimited" ? ulong.MaxValue : ulong.Parse(limit, CultureInfo.InvariantCulture);
        Assert.Equal((ulong)UdpLimits.Default.SessionsOfAll, Math.Min(16_384, descriptors / 4));
    }

    [Theory]
    [InlineData(3, 1000, 1000, 3)]
    [InlineData(100, 40, 1000, 4)]
    [InlineData(100, 1000, 20, 2)]
    public async Task What_is_held_has_an_end_and_the_first_of_it_arrives_in_order(int datagrams, int bytes, int ofAll, int held)
    {
        var service = await StartAsync(new UdpLimits { Held = datagrams, HeldBytes = bytes, HeldBytesOfAll = ofAll });
        _backend.SetAsleep();
        var awake = new TaskCompletionSource<Result>();
        _wake.Act = _ => awake.Task;
        using var client = Client();
        for (var i = 0; i < 10; i++)
        {
            client.Send($"datagram {i}");
        }

        await _wake.Called.WaitAsync(Cancel);
        // Once another is heard, all of the first have been.
        using var later = Client();
        later.Send("");
        await Eventually.TrueAsync(() => service.Count == 2);
        Assert.Equal((10 - held, 2L, 0L), (_route.Traffic.Errors(GatewayError.Dropped), _route.Traffic.Connections, _route.Traffic.ReceivedBytes));
        awake.SetResult(Result.Success);
        for (var i = 0; i < held;)
        {
            if (await _guest.HearAsync() is { Length: > 0 } text)
            {
                Assert.Equal($"datagram {i++}", text);
            }
        }

        await Eventually.TrueAsync(() => !_backend.IsBusy);
        client.Send("next");
        string next;
        do
        {
            next = await _guest.HearAsync();
        }
        while (next.Length == 0);
        Assert.Equal("next", next);
    }

    [Fact]
    public async Task A_session_in_which_something_breaks_makes_room_for_another()
    {
        var service = await StartAsync(new UdpLimits());
        _backend.SetAsleep();
        _wake.Act = _ => throw new InvalidOperationException("It broke.");
        using var client = Client();
        client.Send("lost");
        await _wake.Called.WaitAsync(Cancel);
        // It lets go of its instance a moment after the service has let go of it.
        await Eventually.TrueAsync(() => service.Count == 0 && _backend is { InFlight: 0, Parked: 0 });
        _wake.Act = _ => Task.FromResult(Result.Success);
        client.Send("heard");
        Assert.Equal("heard", await _guest.HearAsync());
    }

    [Fact]
    public async Task Who_makes_room_for_another_hears_no_more_and_waits_for_answers_that_are_under_way()
    {
        var service = await StartAsync(new UdpLimits());
        _backend.SetAsleep();
        var awake = new TaskCompletionSource<Result>();
        _wake.Act = _ => awake.Task;
        using var client = Client();
        client.Send("held");
        await _wake.Called.WaitAsync(Cancel);
        var draining = _services!.DrainAsync();
        for (var i = 0; i < 50; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        Assert.False(draining.IsCompleted, "It did not wait for the wake.");
        // Nobody hears it here any more.
        client.Send("later");
        awake.SetResult(Result.Success);
        Assert.Equal("held", await _guest.EchoAsync("answer to "));
        Assert.Equal("answer to held", await client.HearAsync());
        await DrainedAsync(draining);
        Assert.Equal((0L, 1), (_route.Traffic.Errors(GatewayError.Dropped), service.Count));
    }

    [Fact]
    public async Task Who_makes_room_for_another_waits_a_second_at_most_and_for_nobody_who_was_answered()
    {
        await StartAsync(new UdpLimits());
        using UdpApplication answered = Client(), unanswered = new();
        answered.Send("one");
        await _guest.EchoAsync();
        await answered.HearAsync();
        await _services!.DrainAsync();

        var service = await PublishAsync(Guid.NewGuid());
        unanswered.To(service.Route.Listen).Send("two");
        await _guest.HearAsync();
        var draining = _services.DrainAsync();
        await DrainedAsync(draining);
        Assert.True(service.IsAwaited(TimeSpan.MaxValue));
    }

    [Fact]
    public async Task Who_makes_room_for_another_waits_for_no_answer_where_none_ever_came()
    {
        var service = await StartAsync(new UdpLimits());
        var second = TimeSpan.FromSeconds(1);
        using UdpApplication silent = Client(), next = Client(), asking = Client(), later = Client();
        silent.Send("counted");
        await _guest.HearAsync();
        Assert.True(service.IsAwaited(second), "The first may be answered yet.");
        _time.Advance(second);
        foreach (var client in (UdpApplication[])[silent, next])
        {
            // One who has never heard an answer, and one who is new where nobody has.
            client.Send("counted");
            await _guest.HearAsync();
            Assert.False(service.IsAwaited(second));
        }

        asking.Send("asked");
        await _guest.EchoAsync();
        await asking.HearAsync();
        _time.Advance(second);
        silent.Send("counted");
        await _guest.HearAsync();
        Assert.False(service.IsAwaited(second));
        later.Send("asked");
        await _guest.HearAsync();
        Assert.True(service.IsAwaited(second), "Others were answered.");
        _time.Advance(second);
        silent.Send("counted");
        await _guest.HearAsync();
        // On a clock that stands still.
        await _services!.DrainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await (_services?.DisposeAsync() ?? ValueTask.CompletedTask);
        _sockets.Dispose();
        _guest.Dispose();
    }

    // Within what a session may be silent for.
    private async Task DrainedAsync(Task draining)
    {
        for (var steps = 0; !draining.IsCompleted; steps++)
        {
            Assert.InRange(steps, 0, 500);
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(2, Cancel);
        }

        await draining;
    }

    private async Task<UdpService> PublishAsync(Guid tenant)
    {
        var route = _route with { Id = Guid.NewGuid(), Tenant = tenant, Listen = Loopback.Next() };
        Assert.True((await _services!.PublishAsync(route, Task.CompletedTask)).IsSuccess);
        return _services.Find(route.Id)!;
    }

    // So many clients, one after the other.
    private async Task SayAsync(UdpService service, int clients)
    {
        for (var i = 0; i < clients; i++)
        {
            using var client = new UdpApplication().To(service.Route.Listen);
            client.Send($"{i}");
            Assert.Equal($"{i}", await _guest.HearAsync());
        }
    }

    private UdpApplication Client() => new UdpApplication().To(_route.Listen);

    private async Task<UdpService> StartAsync(UdpLimits limits)
    {
        _services = new UdpServices(_sockets, limits, _time, new Refusals(_time, NullLogger.Instance), new Observer(null, _time), NullLogger.Instance);
        Assert.True((await _services.PublishAsync(_route, Task.CompletedTask)).IsSuccess);
        return _services.Find(_route.Id)!;
    }
}
