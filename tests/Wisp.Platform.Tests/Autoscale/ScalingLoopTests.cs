using Wisp.Gateway;
using Wisp.Machines;
using Wisp.Platform.Accounts;
using Wisp.Platform.Autoscale;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Platform.Services;
using Wisp.Platform.Tests.Schedules;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Autoscale;

/// <summary>A group that grows and shrinks by itself.</summary>
public sealed class ScalingLoopTests
{
    private static readonly ResourceRef Edge = ResourceRef.To("edge");
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static ScalingPolicy Busy { get; } = new()
    {
        Name = "busy", Metric = ScalingMetric.InflightReqs, Adjustment = ScalingAdjustment.Exact, Steps = [new(null, 2, 1), new(2, 4, 2), new(4, null, 4)],
    };

    [Fact]
    public async Task Load_takes_it_up_and_silence_back_down_and_the_master_stays()
    {
        await using var node = await GroupAsync(Busy);
        var master = Serving(node).Single();
        Enter(master, 5);
        await node.AdvanceUntilAsync(() => Running(node).Length == 4, Second);
        await node.UntilAsync(() => Serving(node).Length == 4);
        Assert.All(Own(node), clone => Assert.Matches("^edge-[a-z0-9]{5}$", clone.Name));
        // All of one decision were made of one memory, not one of the other.
        Assert.Equal(3, node.Engine.Restored.Count);
        Leave(master, 5);
        await node.AdvanceUntilAsync(() => node.Instances.List().Count == 1, Second);
        Assert.Equal("master", node.Instances.List().Single().Name);
        // Its route follows.
        await node.UntilAsync(() => Serving(node).Select(target => target.Backend.Name).SequenceEqual(["master"]));
    }

    [Fact]
    public async Task One_with_a_request_goes_last_and_finishes_it()
    {
        await using var node = await GroupAsync(Busy);
        var master = Serving(node).Single();
        Enter(master, 3);
        await node.AdvanceUntilAsync(() => Running(node).Length == 2 && Serving(node).Length == 2, Second);
        var clone = Serving(node).Single(target => target.Backend != master.Backend);
        Enter(clone, 1);
        Leave(master, 3);
        for (var i = 0; i < 20; i++)
        {
            node.Time.Advance(Second);
            await Task.Yield();
        }

        Assert.Equal(2, Running(node).Length);
        Leave(clone, 1);
        await node.AdvanceUntilAsync(() => node.Instances.List().Count == 1, Second);
    }

    [Fact]
    public async Task A_request_that_finds_none_free_brings_more_at_once()
    {
        await using var node = await GroupAsync(new ScalingPolicy { Name = "more", Kind = PolicyKind.OnDemand });
        var master = Serving(node).Single();
        Enter(master, 4);
        // The clock stands still.
        await node.UntilAsync(() =>
        {
            Demand(node).NoneFree();
            return Running(node).Length == 4;
        });
    }

    [Fact]
    public async Task Ended_configuration_takes_the_clones_and_leaves_the_master()
    {
        await using var node = await GroupAsync(minimum: 3);
        await node.AdvanceUntilAsync(() => Running(node).Length == 3, Second);
        Assert.True((await node.Rooms.Autoscale.RemoveAsync(Edge, Cancel)).IsSuccess);
        await node.AdvanceUntilAsync(() => node.Instances.List().Count == 1, Second);
        Assert.Equal("master", node.Instances.List().Single().Name);
        Assert.All(node.Gateway.Routes.Values, route => Assert.Null(route.Demand));
        Assert.Equal(ErrorCode.AutoscaleNotConfigured, (await node.Rooms.Autoscale.RemoveAsync(Edge, Cancel)).Error?.Code);
    }

    [Fact]
    public async Task One_that_ends_is_cleared_away_and_another_takes_its_place()
    {
        await using var node = await GroupAsync(minimum: 2);
        await node.AdvanceUntilAsync(() => Running(node).Length == 2, Second);
        var first = Own(node).Single();
        node.Engine.Started.Last().End(new MachineExit(MachineExitCause.VmmDied, null, null));
        await node.AdvanceUntilAsync(() => Own(node) is [{ State: InstanceState.Running } other] && other.Uuid != first.Uuid, Second);
    }

    [Fact]
    public async Task Those_that_end_at_once_are_made_again_ever_later()
    {
        await using var node = await GroupAsync(minimum: 3);
        var last = node.Time.GetUtcNow();
        var pauses = new List<TimeSpan>();
        while (pauses.Count < 6)
        {
            // The clock goes on slowly: who takes long to be made would be taken for well.
            await node.AdvanceUntilAsync(() => Own(node).Length == 2 && Own(node).All(clone => clone.State == InstanceState.Running), TimeSpan.FromMilliseconds(1));
            pauses.Add(node.Time.GetUtcNow() - last);
            last = node.Time.GetUtcNow();
            var ended = Own(node).Select(clone => clone.Uuid).ToHashSet();
            foreach (var machine in node.Engine.Started.TakeLast(2))
            {
                machine.End(new MachineExit(MachineExitCause.VmmDied, null, null));
            }

            // Both have been cleared away, and so counted, before the clock goes on by more.
            await node.AdvanceUntilAsync(() => !Own(node).Any(clone => ended.Contains(clone.Uuid)), TimeSpan.FromMilliseconds(1));
        }

        // One, two, four, eight, sixteen seconds, whatever else it takes.
        Assert.All(pauses.Skip(1).Select((pause, index) => (pause, index)), one => Assert.True(one.pause.TotalSeconds >= Math.Pow(2, one.index), $"{one}"));
    }

    [Fact]
    public async Task Where_a_limit_of_the_user_leaves_room_for_fewer_these_are_made()
    {
        await using var node = await GroupAsync();
        var owner = ResourceRef.To(Account.Own);
        await node.Platform.Accounts.LimitAsync(Caller.Owner, owner, limits => limits with { LiveInstances = 3 }, Cancel);
        await node.Rooms.Autoscale.ConfigureAsync(Edge, new ConfigureAutoscale { MinSize = 4 }, change: true, Cancel);
        await node.AdvanceUntilAsync(() => Running(node).Length == 3, Second);
        await node.Platform.Accounts.LimitAsync(Caller.Owner, owner, limits => limits with { LiveInstances = null }, Cancel);
        await node.AdvanceUntilAsync(() => Running(node).Length == 4, Second);
    }

    [Fact]
    public async Task The_next_wispd_goes_on_where_it_was()
    {
        await using var node = await GroupAsync(Busy);
        Enter(Serving(node).Single(), 5);
        await node.AdvanceUntilAsync(() => Running(node).Length == 4, Second);
        await node.RestartAsync();
        Assert.Equal(1, node.Rooms.Autoscale.Find(Edge).Value.Settings!.MinSize);
        // Nobody asks the new one for anything. It may have begun already; it knows whose they are, or more would be left.
        await node.AdvanceUntilAsync(() => node.Instances.List().Count == 1, Second);
        Assert.Equal("master", node.Instances.List().Single().Name);
    }

    [Fact]
    public async Task What_is_left_of_a_group_that_scales_no_more_goes_after_a_crash_too()
    {
        await using var node = await GroupAsync(minimum: 3);
        await node.AdvanceUntilAsync(() => Running(node).Length == 3, Second);
        var removing = node.Rooms.Autoscale.RemoveAsync(Edge, Cancel);
        await node.UntilAsync(() => node.Rooms.Autoscale.Find(Edge).Value.Settings is null);
        await node.RestartAsync();
        await node.AdvanceUntilAsync(() => node.Instances.List().Count == 1, Second);
        _ = removing;
    }

    [Fact]
    public async Task Nobody_but_autoscale_changes_what_it_made()
    {
        await using var node = await GroupAsync(minimum: 2);
        await node.AdvanceUntilAsync(() => Running(node).Length == 2, Second);
        var clone = ResourceRef.To(Own(node).Single().Uuid);
        Assert.Equal(
            Enumerable.Repeat<ErrorCode?>(ErrorCode.AutoscaleInstance, 6),
            [
                (await node.Instances.StartAsync(clone, TimeSpan.Zero, Cancel)).Error?.Code,
                (await node.Instances.StopAsync(clone, new StopOptions(false, null, null), Cancel)).Error?.Code,
                (await node.Instances.SuspendAsync(clone, TimeSpan.Zero, Cancel)).Error?.Code,
                (await node.Instances.DeleteAsync(clone, Cancel)).Error?.Code,
                (await node.Instances.ChangeAsync(clone, new PropertyChange.SetDeleteLock(true), Cancel)).Error?.Code,
                (await node.Frozen.ConvertAsync(new ConvertToTemplate(clone, null, null), Cancel)).Error?.Code,
            ]);
        Assert.True(node.Instances.Find(clone).IsSuccess);
        Assert.Equal(ErrorCode.AutoscaleConfigured, (await node.Services.DeleteAsync(Edge, Cancel)).Error?.Code);
        Assert.Equal(ErrorCode.AutoscaleConfigured, (await node.Rooms.Autoscale.ConfigureAsync(Edge, new(), change: false, Cancel)).Error?.Code);
        Assert.Equal(ErrorCode.Attached, (await node.Frozen.DeleteAsync(FrozenKind.Template, ResourceRef.To("mould"), Cancel)).Error?.Code);
    }

    [Fact]
    public async Task Without_a_template_they_are_branches_of_the_master()
    {
        await using var node = await GroupAsync(minimum: 3, template: false);
        await node.AdvanceUntilAsync(() => Running(node).Length == 3, Second);
        await node.UntilAsync(() => Serving(node).Length == 3);
    }

    [Fact]
    public async Task Answers_are_marked_from_the_watermark_on()
    {
        await using var node = await GroupAsync(minimum: 2);
        await node.Rooms.Autoscale.ConfigureAsync(Edge, new ConfigureAutoscale { HighWatermark = 0.75 }, change: true, Cancel);
        await node.AdvanceUntilAsync(() => Running(node).Length == 2, Second);
        Assert.False(Demand(node).IsNearLimit);
        await node.Rooms.Autoscale.ConfigureAsync(Edge, new ConfigureAutoscale { MinSize = 3 }, change: true, Cancel);
        await node.AdvanceUntilAsync(() => Demand(node).IsNearLimit, Second);
    }

    [Fact]
    public async Task What_cannot_be_made_is_tried_again_later_and_not_all_the_time()
    {
        using var log = new HeardLines();
        await using var node = await GroupAsync(log: log);
        int Failures() => log.Lines.Count(line => line.Contains("cannot be scaled", StringComparison.Ordinal));
        node.Engine.RefuseRestore = new WispError(ErrorCode.OperationFailed, "no");
        await node.Rooms.Autoscale.ConfigureAsync(Edge, new ConfigureAutoscale { MinSize = 2 }, change: true, Cancel);
        await node.UntilAsync(() => Failures() == 1);
        // What was made in vain is cleared away meanwhile.
        await node.UntilAsync(() => node.Instances.List().Count == 1);
        for (var i = 0; i < 5; i++)
        {
            node.Time.Advance(Second);
            await Task.Yield();
        }

        Assert.Equal(1, Failures());
        node.Engine.RefuseRestore = null;
        await node.AdvanceUntilAsync(() => Running(node).Length == 2, Second);
        Assert.Equal(1, Failures());
    }

    private static async Task<TestNode> GroupAsync(ScalingPolicy? policy = null, long minimum = 1, bool template = true, HeardLines? log = null)
    {
        var node = await TestNode.StartAsync(Cancel);
        if (log is not null)
        {
            node.Loggers = log;
            await node.RestartAsync();
        }

        await node.Instances.CreateAsync(new CreateInstance { Name = "mould", Image = "hello", Autostart = true }, Cancel);
        await node.UntilAsync("mould", InstanceState.Running);
        Assert.True((await node.Frozen.ConvertAsync(new ConvertToTemplate(ResourceRef.To("mould"), null, null), Cancel)).IsSuccess);
        await node.Services.CreateAsync(new CreateServiceGroup { Name = "edge", Services = [new ServicePort(8080, 80, ServiceHandler.Http, "127.0.0.1")] }, Cancel);
        await node.Instances.CreateAsync(new CreateInstance { Name = "master", Image = "hello", Autostart = true, ServiceGroup = Edge }, Cancel);
        await node.AdvanceUntilAsync("master", InstanceState.Running, Second);
        node.Engine.Restored.Clear();
        var configured = await node.Rooms.Autoscale.ConfigureAsync(
            Edge,
            new ConfigureAutoscale { MinSize = minimum, MaxSize = 4, Template = template ? ResourceRef.To("mould") : null, Policies = policy is null ? [] : [policy] },
            change: false, Cancel);
        Assert.True(configured.IsSuccess, $"{configured.Error}");
        return node;
    }

    private static InstanceView[] Running(TestNode node) => [.. node.Instances.List().Where(instance => instance.State == InstanceState.Running)];

    private static InstanceView[] Own(TestNode node) => [.. node.Instances.List().Where(instance => instance.Name.StartsWith("edge-", StringComparison.Ordinal))];

    private static IDemand Demand(TestNode node) => node.Gateway.Routes.Values.Single().Demand!;

    private static void Enter(RouteTarget target, int count)
    {
        for (var i = 0; i < count; i++)
        {
            target.Backend.Enter();
        }
    }

    private static void Leave(RouteTarget target, int count)
    {
        for (var i = 0; i < count; i++)
        {
            target.Backend.Leave();
        }
    }

    private static RouteTarget[] Serving(TestNode node) => [.. node.Gateway.Routes.Values.Single().Targets];
}
