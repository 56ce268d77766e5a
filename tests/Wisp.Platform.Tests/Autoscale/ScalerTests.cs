using CsCheck;
using Wisp.Machines;
using Wisp.Platform.Autoscale;
using Wisp.Platform.Instances;

namespace Wisp.Platform.Tests.Autoscale;

/// <summary>What is decided, whatever the group is like.</summary>
public sealed class ScalerTests
{
    private static readonly DateTimeOffset Epoch = DateTimeOffset.UnixEpoch.AddYears(50);

    private static readonly Gen<Member> SomeMember = Gen.Select(
        Gen.Bool, Gen.Bool, Gen.Int[0, 100], Gen.Int[0, 4], Gen.Long[0, 20], Gen.Select(Gen.Double[0, 50], Gen.Double[0, 1000], Gen.Int[0, 20]),
        (own, starting, age, load, served, rest) => new Member(Guid.NewGuid(), own, own && starting, Epoch.AddSeconds(-age))
        {
            InFlight = load, Served = served, RequestsPerSecond = rest.Item1, Millicores = rest.Item2, Idle = load > 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(rest.Item3),
        });

    private static readonly Gen<IReadOnlyList<ScalingStep>> Steps = Gen.Int[0, 900].Array[0, 3].Select(Gen.Int[-4, 4].Array[4], (bounds, adjustments) =>
    {
        long?[] edges = [null, .. bounds.Distinct().Order().Select(bound => (long?)bound), null];
        return (IReadOnlyList<ScalingStep>)[.. edges.Zip(edges.Skip(1)).Select((pair, index) => new ScalingStep(pair.First, pair.Second, adjustments[index]))];
    });

    private static readonly Gen<ScalingPolicy> SomePolicy = Gen.Select(
        Gen.Enum<PolicyKind>(), Gen.Enum<ScalingMetric>(), Gen.Enum<ScalingAdjustment>(), Steps, Gen.Select(Gen.Int[1, 15], Gen.Bool, Gen.Int[1, 10], Gen.Int[0, 9]),
        (kind, metric, adjustment, steps, rest) => new ScalingPolicy
        {
            Name = "p", Kind = kind, Metric = metric, Adjustment = adjustment, Requests = rest.Item1, Replace = rest.Item2, IdleTime = TimeSpan.FromSeconds(rest.Item3), Enabled = rest.Item4 > 0,
            Steps = adjustment == ScalingAdjustment.Exact ? [.. steps.Select(step => step with { Adjustment = Math.Abs(step.Adjustment) })]
                : adjustment == ScalingAdjustment.Percentage ? [.. steps.Select(step => step with { Adjustment = step.Adjustment * 25 })] : steps,
        });

    private static readonly Gen<AutoscaleSettings> SomeSettings = Gen.Select(
        Gen.Int[0, 5], Gen.Int[0, 8], Gen.Int[0, 4], Gen.Int[0, 4], SomePolicy.Array[0, 3],
        (min, above, warmup, cooldown, policies) => new AutoscaleSettings
        {
            MinSize = min, MaxSize = min + above, Warmup = TimeSpan.FromSeconds(warmup), Cooldown = TimeSpan.FromSeconds(cooldown),
            Policies = [.. policies.Select((policy, index) => policy with { Name = $"p{index}" })],
        });

    private static readonly Gen<Situation> Any = Gen.Select(
        SomeSettings, SomeMember.Array[0, 12], Gen.Int[0, 9], Gen.Int[0, 9], Gen.Int[1, 3], Gen.Bool,
        (settings, members, grew, shrank, soft, none) => new Situation(
            settings, members, new ScaleHistory(grew == 0 ? null : Epoch.AddSeconds(-grew), shrank == 0 ? null : Epoch.AddSeconds(-shrank)), Epoch)
        {
            SoftLimit = soft, NoneFree = none,
        });

    [Fact]
    public void The_size_stays_between_the_smallest_and_the_largest_or_comes_nearer() => Any.Sample(now =>
    {
        var (size, after) = (now.Members.Count, After(now).Members.Count);
        return size < now.Settings.MinSize ? after == now.Settings.MinSize
            : size > now.Settings.MaxSize ? after >= now.Settings.MaxSize && after == Math.Max(now.Settings.MaxSize, now.Members.Count(member => !member.IsOwn))
            : after >= now.Settings.MinSize && after <= now.Settings.MaxSize;
    });

    [Fact]
    public void Only_what_autoscale_made_goes_and_what_has_requests_only_to_finish_them() => Any.Sample(now =>
    {
        var decision = Scaler.Decide(now);
        var going = now.Members.Where(member => decision.Remove.Contains(member.Id)).ToArray();
        return going.Length == decision.Remove.Count && going.All(member => member.IsOwn)
            // The exceptions: there are too many, or a successor comes.
            && (going.All(member => member.InFlight == 0) || now.Members.Count > now.Settings.MaxSize || decision.Create >= going.Length);
    });

    [Fact]
    public void While_the_last_change_takes_effect_only_the_bounds_are_kept() => Any.Sample(now =>
    {
        var waits = now.Now - now.History.GrewAt < now.Settings.Warmup || now.Now - now.History.ShrankAt < now.Settings.Cooldown;
        var within = now.Members.Count >= now.Settings.MinSize && now.Members.Count <= now.Settings.MaxSize;
        return !waits || !within || !Scaler.Decide(now).IsChange;
    });

    [Fact]
    public void While_what_was_made_ends_at_once_nobody_is_made_and_what_has_nothing_to_do_still_goes() => Gen.Select(Any, Gen.Int[1, 40], Gen.Int[0, 400]).Sample((now, count, ago) =>
    {
        var (crashes, usual) = (new Crashes(count, Epoch.AddSeconds(-ago)), Scaler.Decide(now));
        var decision = Scaler.Decide(now with { Crashes = crashes });
        return crashes.Forbid(Epoch)
            ? decision.Create == 0 && (usual.Create > 0 || decision.Remove.SequenceEqual(usual.Remove))
            : decision.Create == usual.Create && decision.Remove.SequenceEqual(usual.Remove);
    });

    [Fact]
    public void What_is_made_again_and_again_is_made_ever_later_and_never_later_than_five_minutes() => Gen.Int[1, 50].Array[1, 30].Sample(lives =>
    {
        var (crashes, now) = (default(Crashes), Epoch);
        foreach (var life in lives)
        {
            var (made, before) = (now, crashes.Pause);
            now = made.AddSeconds(life);
            crashes = crashes.And(made, now);
            // Another of the same batch changes nothing.
            if (crashes.Pause < before || crashes.Pause > TimeSpan.FromMinutes(5) || crashes.And(made, now) != crashes || !crashes.Forbid(now))
            {
                return false;
            }

            now += crashes.Pause;
            if (crashes.Forbid(now))
            {
                return false;
            }
        }

        // Who lives for a while ends the row.
        return crashes.Count == lives.Length && crashes.And(now, now + Crashes.WellAfter) == crashes && crashes.And(now + crashes.Pause + Crashes.WellAfter, now.AddHours(1)).Equals(crashes)
            && crashes.And(now.AddHours(1), now.AddHours(1)).Count == 1;
    });

    [Theory]
    [InlineData(StopRequest.None, true)]
    [InlineData(StopRequest.Platform, false)]
    [InlineData(StopRequest.User, false)]
    internal void Who_was_told_to_end_did_not_do_so_by_itself(StopRequest asked, bool isByItself) =>
        Assert.Equal(isByItself, StopClassifier.IsByItself(StopClassifier.Ended(new MachineExit(MachineExitCause.Killed, null, null), asked)));

    [Fact]
    public void Of_companions_that_do_not_come_those_who_wait_for_them_stay() => Any.Sample(now =>
    {
        var decision = Scaler.Decide(now);
        return Enumerable.Range(0, decision.Create + 1).All(create => decision.Cut(create) is var cut
            && cut.Create == create && cut.Remove.All(decision.Remove.Contains) && cut.Remove.Where(decision.Answered.Contains).Count() <= create
            && (create < decision.Create || ReferenceEquals(cut, decision)));
    });

    [Fact]
    public void The_same_situation_has_the_same_decision_whatever_the_order_of_its_instances() => Any.Sample(now =>
    {
        var (one, other) = (Scaler.Decide(now), Scaler.Decide(now with { Members = [.. now.Members.Reverse()] }));
        return one.Create == other.Create && one.Remove.ToHashSet().SetEquals(other.Remove);
    });

    [Fact]
    public void Once_carried_out_nothing_is_left_to_do_at_that_moment() => Any.Sample(now =>
    {
        // Without a time to take effect, a policy may go on step by step; with one, or where it says how many, it is done.
        var patient = now with { Settings = now.Settings with { Warmup = TimeSpan.FromSeconds(1), Cooldown = TimeSpan.FromSeconds(1) } };
        return !Scaler.Decide(After(patient)).IsChange;
    });

    [Fact]
    public void Of_several_that_want_more_the_largest_wins() => Gen.Select(Gen.Int[1, 5], Gen.Int[1, 5], Gen.Int[-3, 0]).Sample((one, other, less) =>
        Scaler.Decide(Grown(4, Change(one), Change(other), Change(less))).Create == Math.Max(one, other));

    [Fact]
    public void It_shrinks_only_when_all_want_that_and_by_the_least() => Gen.Select(Gen.Int[-3, 0], Gen.Int[-3, 0]).Sample((one, other) =>
        Scaler.Decide(Grown(8, Change(one), Change(other))).Remove.Count == (one == 0 || other == 0 ? 0 : Math.Min(-one, -other)));

    [Fact]
    public void A_policy_without_an_opinion_is_not_asked()
    {
        var busy = Change(1) with { Name = "busy", Metric = ScalingMetric.InflightReqs, Steps = [new ScalingStep(10, null, 1)] };
        Assert.Equal(2, Scaler.Decide(Grown(8, Change(-2), busy)).Remove.Count);
        Assert.Equal(2, Scaler.Decide(Grown(8, Change(-2), Change(3) with { Enabled = false })).Remove.Count);
    }

    [Theory]
    [InlineData(ScalingMetric.Cpu, 599, 0)]
    [InlineData(ScalingMetric.Cpu, 600, 1)]
    [InlineData(ScalingMetric.Cpu, 800, 3)]
    [InlineData(ScalingMetric.InflightReqs, 149, 0)]
    [InlineData(ScalingMetric.InflightReqs, 150, 1)]
    [InlineData(ScalingMetric.ReqsPerSec, 199, 1)]
    [InlineData(ScalingMetric.ReqsPerSec, 200, 3)]
    public void A_step_follows_from_where_the_metric_is(ScalingMetric metric, int each, int create)
    {
        // Processor time is an average, the others are sums over the four.
        var now = Grown(4, new ScalingPolicy { Name = "p", Metric = metric, Steps = [new ScalingStep(600, 800, 1), new ScalingStep(800, null, 3)] });
        now = now with { Members = [.. now.Members.Select(member => member with { Millicores = each, InFlight = each, RequestsPerSecond = each })] };
        Assert.Equal(create, Scaler.Decide(now).Create);
    }

    [Theory]
    [InlineData(ScalingAdjustment.Exact, 7, 3)]
    [InlineData(ScalingAdjustment.Percentage, 50, 2)]
    [InlineData(ScalingAdjustment.Percentage, 1, 1)]
    [InlineData(ScalingAdjustment.Change, 9, 6)]
    public void The_adjustment_is_so_many_or_a_part_or_the_number_itself(ScalingAdjustment adjustment, int number, int create) =>
        Assert.Equal(create, Scaler.Decide(Grown(4, Change(number) with { Adjustment = adjustment })).Create);

    [Fact]
    public void Each_request_that_finds_none_free_gets_an_instance_unless_one_starts_already()
    {
        var now = Grown(1, new ScalingPolicy { Name = "p", Kind = PolicyKind.OnDemand });
        now = now with { Members = [now.Members[0] with { InFlight = 6 }] };
        Assert.Equal(0, Scaler.Decide(now).Create);
        Assert.True(Scaler.ListensToDemand(now));
        Assert.Equal(5, Scaler.Decide(now with { NoneFree = true }).Create);
        Assert.Equal(1, Scaler.Decide(now with { NoneFree = true, SoftLimit = 3 }).Create);
        Assert.Equal(0, Scaler.Decide(After(now with { NoneFree = true })).Create);
    }

    [Fact]
    public void One_that_has_served_enough_gets_a_companion_once_or_a_successor()
    {
        var now = Grown(2, new ScalingPolicy { Name = "p", Kind = PolicyKind.Create, Requests = 5 });
        now = now with { Members = [now.Members[0] with { Served = 9 }, now.Members[1] with { Served = 5, IsOwn = true, InFlight = 1 }] };
        var decision = Scaler.Decide(now);
        Assert.Equal((2, 0, 2), (decision.Create, decision.Remove.Count, decision.Answered.Count));
        Assert.Equal(0, Scaler.Decide(now with { Answered = decision.Answered.ToHashSet() }).Create);
        decision = Scaler.Decide(now with { Settings = now.Settings with { MaxSize = 2, Policies = [now.Settings.Policies[0] with { Replace = true }] } });
        Assert.Equal((1, now.Members[1].Id), (decision.Create, Assert.Single(decision.Remove)));
    }

    [Fact]
    public void Those_that_have_been_idle_long_enough_go_and_the_longest_idle_first()
    {
        var now = Grown(4, new ScalingPolicy { Name = "p", Kind = PolicyKind.Idle, IdleTime = TimeSpan.FromSeconds(3) }) with { };
        now = now with { Settings = now.Settings with { MinSize = 3 }, Members = [.. now.Members.Select((member, index) => member with { IsOwn = true, Idle = TimeSpan.FromSeconds(index + 1) })] };
        Assert.Equal([now.Members[3].Id], Scaler.Decide(now).Remove);
        Assert.Empty(Scaler.Decide(now with { Members = [.. now.Members.Select(member => member with { Idle = TimeSpan.FromSeconds(2) })] }).Remove);
    }

    private static ScalingPolicy Change(int number) => new() { Name = $"p{number}", Steps = [new ScalingStep(null, null, number)] };

    private static Situation Grown(int size, params ScalingPolicy[] policies) => new(
        new AutoscaleSettings { MinSize = 1, MaxSize = 10, Policies = policies },
        [.. Enumerable.Range(0, size).Select(index => new Member(Guid.NewGuid(), index > 0, IsStarting: false, Epoch.AddMinutes(-1)))], default, Epoch);

    // The group after a decision has been carried out, at the same moment.
    private static Situation After(Situation now)
    {
        var decision = Scaler.Decide(now);
        return now with
        {
            Members =
            [
                .. now.Members.Where(member => !decision.Remove.Contains(member.Id)),
                .. Enumerable.Range(0, decision.Create).Select(_ => new Member(Guid.NewGuid(), IsOwn: true, IsStarting: true, now.Now)),
            ],
            History = new ScaleHistory(decision.Create > 0 ? now.Now : now.History.GrewAt, decision.Remove.Count > 0 ? now.Now : now.History.ShrankAt),
            Answered = now.Answered.Union(decision.Answered).ToHashSet(),
        };
    }
}
