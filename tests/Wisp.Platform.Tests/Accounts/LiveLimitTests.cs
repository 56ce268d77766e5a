using Wisp.Machines;
using Wisp.Platform.Accounts;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Platform.Schedules;
using Wisp.Platform.Tests.Frozen;
using Wisp.Platform.Tests.Schedules;
using Wisp.Testing;
using static Wisp.Platform.Tests.Sleep.Sleeping;

namespace Wisp.Platform.Tests.Accounts;

/// <summary>An account has no more alive at once than it may, whatever brings a machine to life; what sleeps does not count.</summary>
public sealed class LiveLimitTests
{
    private static readonly ResourceRef Other = ResourceRef.To("other");
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("instances")]
    [InlineData("vcpus")]
    [InlineData("memory")]
    public async Task A_start_is_refused_until_another_stops(string limit)
    {
        await using var node = await RunningAsync(Lasting("web", 8080));
        await LimitAsync(node, limits => limit switch
        {
            "instances" => limits with { LiveInstances = 1 },
            "vcpus" => limits with { LiveVcpus = 1 },
            _ => limits with { LiveMemoryMb = 255 },
        });
        Assert.True((await node.Instances.CreateAsync(Lasting("other", 8081) with { Autostart = false }, Cancel)).IsSuccess);
        await RefusedAsync(node.Instances.StartAsync(Other, TimeSpan.Zero, Cancel));
        Assert.Equal((InstanceState.Stopped, 0), (node.Find("other").State, node.Find("other").StartCount));
        await node.Instances.StopAsync(Web, new StopOptions(Force: true, TimeSpan.Zero, null), Cancel);
        await node.UntilAsync("web", InstanceState.Stopped);
        Assert.True((await node.Instances.StartAsync(Other, TimeSpan.Zero, Cancel)).IsSuccess);
        await RefusedAsync(node.Instances.StartAsync(Web, TimeSpan.Zero, Cancel));
        Counted(node);
    }

    [Fact]
    public async Task What_could_not_be_started_is_not_made()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await LimitAsync(node, limits => limits with { LiveInstances = 2 });
        await RefusedAsync(node.Instances.CreateAsync(new CreateInstance { Name = "web", Image = "hello", Autostart = true, Replicas = 2 }, Cancel));
        Assert.Empty(node.Instances.List());
        Assert.True((await node.Instances.CreateAsync(new CreateInstance { Name = "web", Image = "hello", Replicas = 2 }, Cancel)).IsSuccess);
        Assert.Equal(0, node.Rooms.Usage.Read().LiveInstances);
    }

    [Theory]
    [InlineData(SleepDepth.Paused)]
    [InlineData(SleepDepth.Hibernated)]
    [InlineData(SleepDepth.Discarded)]
    public async Task What_sleeps_does_not_count_and_a_wake_beyond_the_limit_is_refused(SleepDepth depth)
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await LimitAsync(node, limits => limits with { LiveInstances = 1 });
        var web = TestNode.Published();
        await node.Instances.CreateAsync(web with { ScaleToZero = web.ScaleToZero! with { Stateful = depth != SleepDepth.Discarded } }, Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        await UntilDepthAsync(node, depth);
        Assert.True((await node.Instances.CreateAsync(Lasting("other", 8081), Cancel)).IsSuccess);
        await node.UntilAsync("other", InstanceState.Running);
        await RefusedAsync(RequestAsync(node));
        await RefusedAsync(node.Instances.StartAsync(Web, TimeSpan.Zero, Cancel));
        Assert.Equal((InstanceState.Standby, depth), (node.Find("web").State, node.Find("web").Depth));
        Counted(node);
        await node.Instances.StopAsync(Other, new StopOptions(Force: true, TimeSpan.Zero, null), Cancel);
        await node.UntilAsync("other", InstanceState.Stopped);
        Assert.True((await RequestAsync(node)).IsSuccess);
        Counted(node);
    }

    [Fact]
    public async Task A_sleeping_one_can_be_stopped_whatever_lives()
    {
        await using var node = await PausedAsync();
        await LimitAsync(node, limits => limits with { LiveInstances = 0 });
        await node.Instances.StopAsync(Web, new StopOptions(Force: false, TimeSpan.Zero, null), Cancel);
        await node.UntilAsync("web", InstanceState.Stopped);
        Counted(node);
    }

    [Fact]
    public async Task A_restart_by_policy_waits_for_its_turn()
    {
        await using var node = await RunningAsync(Lasting("web", 8080) with { RestartPolicy = RestartPolicy.Always });
        await LimitAsync(node, limits => limits with { LiveInstances = 0 });
        node.Machine.End(new MachineExit(MachineExitCause.ApplicationExited, 1, null));
        await node.AdvanceUntilAsync(() => node.Find("web").Restart is { Attempt: 3 }, Second);
        Assert.Equal((InstanceState.Stopped, 1), (node.Find("web").State, node.Engine.Started.Count));
        await LimitAsync(node, limits => limits with { LiveInstances = 1 });
        await node.AdvanceUntilAsync("web", InstanceState.Running, Second);
        Counted(node);
    }

    [Fact]
    public async Task A_schedule_starts_nothing_beyond_it_and_stays()
    {
        using var log = new HeardLines();
        await using var node = await TestNode.StartAsync(Cancel);
        node.Loggers = log;
        await node.RestartAsync();
        await LimitAsync(node, limits => limits with { LiveInstances = 0 });
        await Scheduled.CreateAsync(node, new Schedule("on", "*:30", ScheduleAction.Start));
        var half = node.Time.GetUtcNow().AddMinutes(30);
        await Scheduled.AdvanceToAsync(node, half, () => log.Lines.Any(line => line.Contains("may have 0 live instances", StringComparison.Ordinal)));
        await node.UntilAsync(() => Scheduled.NextAt(node, "on") == half.AddHours(1));
        Assert.Empty(node.Engine.Started);
    }

    [Fact]
    public async Task Neither_a_fork_nor_a_clone_comes_to_life_beyond_it()
    {
        await using var node = await TemplateTests.RunningAsync();
        await LimitAsync(node, limits => limits with { LiveInstances = 1 });
        var captures = node.Machine.Captures.Count;
        Assert.Equal(11, (await Forks.Forking.AskAsync(node, node.Machine, 1)).Errno);
        Assert.Equal((captures, 1), (node.Machine.Captures.Count, node.Instances.List().Count));
        await node.Frozen.ConvertAsync(new ConvertToTemplate(Web, TimeSpan.FromMinutes(1), null), Cancel);
        Assert.Equal(0, node.Rooms.Usage.Read().LiveInstances);
        await RefusedAsync(node.Instances.CreateAsync(new CreateInstance { Template = Web, Autostart = true, Replicas = 1 }, Cancel));
        Assert.True((await node.Instances.CreateAsync(new CreateInstance { Template = Web, Autostart = true }, Cancel)).IsSuccess);
        Counted(node);
    }

    [Fact]
    public async Task What_lives_already_lives_on_and_is_counted_by_the_next_wispd()
    {
        await using var node = await RunningAsync(Lasting("web", 8080));
        await LimitAsync(node, limits => limits with { LiveInstances = 0 });
        await node.RestartAsync();
        await node.UntilAsync("web", InstanceState.Running);
        Assert.Equal(1, node.Rooms.Usage.Read().LiveInstances);
        Counted(node);
    }

    [Fact]
    public async Task A_start_that_comes_to_nothing_gives_its_place_back()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await LimitAsync(node, limits => limits with { LiveInstances = 1 });
        await node.Instances.CreateAsync(Lasting("web", 8080) with { Autostart = false }, Cancel);
        node.Engine.Refuse = new WispError(ErrorCode.OperationFailed, "No.");
        Assert.False((await node.Instances.StartAsync(Web, TimeSpan.Zero, Cancel)).IsSuccess);
        node.Engine.Refuse = null;
        node.Store.Refuse = new WispError(ErrorCode.OperationFailed, "Full.");
        Assert.False((await node.Instances.StartAsync(Web, TimeSpan.Zero, Cancel)).IsSuccess);
        node.Store.Refuse = null;
        Counted(node);
        Assert.True((await node.Instances.StartAsync(Web, TimeSpan.Zero, Cancel)).IsSuccess);
    }

    [Fact]
    public async Task Of_many_that_come_to_life_at_once_as_many_do_as_may()
    {
        var owner = new Account { Uuid = Account.Own, Name = "default", CreatedAt = default, Limits = new AccountLimits(LiveInstances: 50, LiveMemoryMb: 3000) };
        var live = new LiveUse(_ => owner);
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => Enumerable.Range(0, 100_000).Count(turn =>
            {
                var more = new LiveFigures(1, 1, 100);
                var isTaken = live.TryTake(Account.Own, more).IsSuccess;
                var now = live.Of(Account.Own);
                Assert.True(now.Instances <= 30 && now.MemoryMb == now.Instances * 100, now.ToString());
                if (isTaken && turn % 10 != 0)
                {
                    live.Take(Account.Own, -more);
                }

                return isTaken && turn % 10 == 0;
            }),
            Cancel)));
        Assert.Equal((30, 30, 3000), (taken.Sum(), live.Of(Account.Own).Instances, live.Of(Account.Own).MemoryMb));
    }

    private static CreateInstance Lasting(string name, ushort port) => TestNode.Published() with
    {
        Name = name, ScaleToZero = null, NewServiceGroup = TemplateTests.Port(port),
    };

    private static async Task<Result> RequestAsync(TestNode node)
    {
        var backend = node.Gateway.Routes.Values.SelectMany(route => route.Targets).Select(target => target.Backend).Single(one => one.Name == "web");
        var result = backend.Enter() ? Result.Success : await backend.WakeAsync(Cancel);
        backend.Leave();
        return result;
    }

    private static async Task LimitAsync(TestNode node, Func<AccountLimits, AccountLimits> change) =>
        Assert.True((await node.Platform.Accounts.LimitAsync(Caller.Owner, ResourceRef.To(Account.Own), change, Cancel)).IsSuccess);

    private static async Task RefusedAsync<T>(Task<Result<T>> refused)
    {
        Assert.True((await refused).Failed(out var error, out _));
        Assert.Equal(ErrorCode.Quota, error.Code);
    }

    private static async Task RefusedAsync(Task<Result> refused) => Assert.Equal(ErrorCode.Quota, (await refused).Error?.Code);

    // The count is what there is.
    private static void Counted(TestNode node)
    {
        var alive = node.Instances.List()
            .Where(instance => instance.State is InstanceState.Starting or InstanceState.Running or InstanceState.Draining or InstanceState.Stopping).ToArray();
        var usage = node.Rooms.Usage.Read();
        Assert.Equal((alive.Length, alive.Sum(one => one.Vcpus), alive.Sum(one => (long)one.MemoryMb)), (usage.LiveInstances, usage.LiveVcpus, usage.LiveMemoryMb));
    }
}
