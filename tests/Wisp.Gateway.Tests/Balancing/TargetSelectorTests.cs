using CsCheck;
using Wisp.Gateway.Routing;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests.Balancing;

/// <summary>Who takes a request, whatever the others do.</summary>
public sealed class TargetSelectorTests
{
    private static readonly Gen<(BackendState State, int Load)> Standing =
        Gen.Select(Gen.Enum<BackendState>(), Gen.Int[0, 6]);

    private static readonly Gen<(List<(BackendState State, int Load)> Targets, int Soft, int Hard)> Group = Gen.Select(
        Standing.List[0, 6], Gen.Int[1, 5], Gen.Int[0, 3], (targets, soft, above) => (targets, soft, soft + above));

    [Fact]
    public void Whoever_is_chosen_no_other_should_have_been() => Group.Sample(group =>
    {
        var route = RouteOf(group.Targets, group.Soft, group.Hard);
        var place = TargetSelector.Select(route, null, out var chosen);
        var open = group.Targets.Where(one => one.State != BackendState.Gone && one.Load < group.Hard).ToArray();
        if (open.Length == 0)
        {
            return chosen is null && !place.IsOpen && place == (group.Targets.Exists(one => one.State != BackendState.Gone) ? Place.Full : Place.Gone);
        }

        var (state, load) = (chosen!.Backend.State, chosen.Backend.InFlight);
        var awake = open.Where(one => one.State == BackendState.Awake).ToArray();
        return (state, load) switch
        {
            _ when awake.Any(one => one.Load < group.Soft) => state == BackendState.Awake && load == awake.Min(one => one.Load) && place.Limit == group.Soft,
            _ when open.Any(one => one.Load < group.Soft && one.State != BackendState.Starting) =>
                state is BackendState.FallingAsleep or BackendState.Asleep && load < group.Soft && place.Limit == group.Soft,
            _ when awake.Length > 0 => state == BackendState.Awake && load == awake.Min(one => one.Load) && place.Limit == group.Hard && place.IsCrowded,
            _ => load == open.Min(one => one.Load) && place.Limit == group.Hard && place.IsCrowded,
        };
    });

    [Fact]
    public void One_that_is_being_woken_is_filled_before_another_is_woken() => Gen.Int[1, 4].Sample(waiting =>
    {
        var route = RouteOf([(BackendState.Awake, 5), (BackendState.Asleep, 0), (BackendState.Asleep, waiting)], 5, 9);
        TargetSelector.Select(route, null, out var chosen);
        return chosen == route.Targets[2];
    });

    [Fact]
    public void However_many_ask_at_once_nobody_has_more_than_the_hard_limit_and_no_place_stays_empty() => Gen.Select(Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int[0, 4]).Sample(
        (count, soft, above) =>
        {
            var hard = soft + above;
            var route = RouteOf([.. Enumerable.Repeat((BackendState.Awake, 0), count)], soft, hard);
            var entered = 0;
            Parallel.For(0, count * hard * 2, _ => Interlocked.Add(ref entered, TargetSelector.Enter(route).Target is null ? 0 : 1));
            return entered == count * hard && route.Targets.All(target => target.Backend.InFlight == hard);
        },
        iter: 200, threads: 1);

    [Fact]
    public void Up_to_the_soft_limit_each_has_its_share_also_of_those_that_ask_at_once() => Gen.Select(Gen.Int[1, 5], Gen.Int[1, 4]).Sample(
        (count, soft) =>
        {
            var route = RouteOf([.. Enumerable.Repeat((BackendState.Asleep, 0), count)], soft, 99);
            Parallel.For(0, count * soft, _ => TargetSelector.Enter(route));
            return route.Targets.All(target => target.Backend.InFlight == soft);
        },
        iter: 200, threads: 1);

    [Fact]
    public void Who_was_asked_in_vain_is_not_asked_again()
    {
        var route = RouteOf([(BackendState.Awake, 0), (BackendState.Awake, 3)], 1, 9);
        Assert.Equal(route.Targets[1], TargetSelector.Enter(route, [route.Targets[0]]).Target);
        Assert.Equal(default, TargetSelector.Enter(route, [.. route.Targets]));
    }

    [Fact]
    public void The_platform_hears_when_none_is_free()
    {
        var demand = new Demand();
        var route = RouteOf([(BackendState.Awake, 0), (BackendState.Gone, 0)], 1, 2) with { Demand = demand };
        TargetSelector.Enter(route);
        Assert.Equal(0, demand.Heard);
        TargetSelector.Enter(route);
        Assert.Equal(1, demand.Heard);
        Assert.Equal(new Entry(null, IsAwake: false, IsFull: true), TargetSelector.Enter(route));
        Assert.Equal(2, demand.Heard);
    }

    [Fact]
    public void A_choice_allocates_nothing()
    {
        var route = RouteOf([(BackendState.Awake, 0)], 1, 9);
        Choose(route);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Choose(route);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Choose(Route route) => TargetSelector.Enter(route).Target!.Backend.Leave();

    private static Route RouteOf(IReadOnlyList<(BackendState State, int Load)> targets, int soft, int hard) => TestGateway.NewRoute(TestGroup.TargetAt(1, 0)) with
    {
        Targets = [.. targets.Select((one, index) => Stand(TestGroup.TargetAt(index + 1, index), one.State, one.Load))],
        SoftLimit = soft,
        HardLimit = hard,
    };

    private static RouteTarget Stand(RouteTarget target, BackendState state, int load)
    {
        target.Backend.SetAwake();
        if (state == BackendState.FallingAsleep)
        {
            Assert.True(target.Backend.TryFallAsleep());
        }
        else if (state == BackendState.Asleep)
        {
            target.Backend.SetAsleep();
        }
        else if (state == BackendState.Starting)
        {
            target.Backend.SetStarting();
        }
        else if (state == BackendState.Gone)
        {
            target.Backend.SetGone();
        }

        for (var i = 0; i < load; i++)
        {
            target.Backend.Enter();
        }

        return target;
    }

    private sealed class Demand : IDemand
    {
        private int _heard;

        public int Heard => _heard;

        public bool IsNearLimit => false;

        public void NoneFree() => Interlocked.Increment(ref _heard);
    }
}
