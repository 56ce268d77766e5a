using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Platform.Schedules;
using Wisp.Testing;
using static Wisp.Platform.Tests.Schedules.Scheduled;

namespace Wisp.Platform.Tests.Schedules;

/// <summary>Schedules carry out what they say when they say it.</summary>
public sealed class ScheduleRunnerTests
{
    [Fact]
    public async Task An_instance_is_started_and_stopped_when_it_is_time_and_says_when_next()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        // The clock begins at midnight.
        await CreateAsync(node, new("on", "8:00", ScheduleAction.Start), new("off", "Mon..Sun 20:00 UTC", ScheduleAction.Stop));
        var midnight = node.Time.GetUtcNow();
        Assert.Equal([midnight.AddHours(8), midnight.AddHours(20)], node.Find("web").Schedules.Select(schedule => schedule.NextAt));

        await AdvanceToAsync(node, midnight.AddHours(8) - Minute);
        Assert.Equal(InstanceState.Stopped, node.Find("web").State);
        await AdvanceToAsync(node, midnight.AddHours(8), () => node.Find("web").State == InstanceState.Running);
        await node.UntilAsync(() => NextAt(node, "on") == midnight.AddDays(1).AddHours(8));
        Assert.Equal(midnight.AddHours(20), NextAt(node, "off"));

        await AdvanceToAsync(node, midnight.AddHours(20) - Minute);
        Assert.Equal(InstanceState.Running, node.Find("web").State);
        await AdvanceToAsync(node, midnight.AddHours(20), () => node.Find("web").State == InstanceState.Stopped);
        await node.UntilAsync(() => NextAt(node, "off") == midnight.AddDays(1).AddHours(20));
        Assert.Equal((1, 0), (node.Find("web").StartCount, node.Find("web").RestartCount));
    }

    [Fact]
    public async Task A_stop_by_schedule_ends_the_restarts_as_a_users_stop_does()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(
            new CreateInstance
            {
                Name = "web", Image = "hello", Autostart = true, TimeoutS = -1, RestartPolicy = RestartPolicy.Always, Schedules = [new("off", "*:30", ScheduleAction.Stop)],
            },
            Cancel);
        var half = node.Time.GetUtcNow().AddMinutes(30);
        await AdvanceToAsync(node, half, () => node.Find("web").State == InstanceState.Stopped);
        await AdvanceToAsync(node, half.AddMinutes(15));
        Assert.Equal((InstanceState.Stopped, 0), (node.Find("web").State, node.Find("web").RestartCount));
    }

    [Fact]
    public async Task A_locked_instance_is_not_deleted_which_is_said_and_once_unlocked_it_is()
    {
        using var log = new HeardLines();
        await using var node = await TestNode.StartAsync(Cancel);
        node.Loggers = log;
        await node.RestartAsync();
        await CreateAsync(node, new Schedule("gone", "*:30", ScheduleAction.Delete));
        await node.Instances.ChangeAsync(Web, new PropertyChange.SetDeleteLock(true), Cancel);
        var half = node.Time.GetUtcNow().AddMinutes(30);
        await AdvanceToAsync(
            node, half, () => log.Lines.Any(line => line.Contains("schedule gone could not do its Delete and stays: Deletion protection enabled", StringComparison.Ordinal)));
        await node.UntilAsync(() => NextAt(node, "gone") == half.AddHours(1));
        await node.Instances.ChangeAsync(Web, new PropertyChange.SetDeleteLock(false), Cancel);
        await AdvanceToAsync(node, half.AddMinutes(45));
        Assert.Single(node.Instances.List());
        await AdvanceToAsync(node, half.AddHours(1), () => node.Instances.List().Count == 0);
    }

    [Fact]
    public async Task A_checkpoint_is_made_of_it_each_time_and_it_runs_on()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published(86_400_000) with { TimeoutS = -1, Schedules = [new("save", "hourly", ScheduleAction.Checkpoint)] }, Cancel);
        var begin = node.Time.GetUtcNow();
        foreach (var count in (int[])[1, 2])
        {
            await AdvanceToAsync(node, begin.AddHours(count), () => Made() == count);
            await node.UntilAsync(() => NextAt(node, "save") == begin.AddHours(count + 1));
        }

        int Made() => node.Frozen.List(FrozenKind.Checkpoint).Count(checkpoint => checkpoint.State == InstanceState.Checkpoint);
        Assert.Equal(InstanceState.Running, node.Find("web").State);
        Assert.All(node.Frozen.List(FrozenKind.Checkpoint), checkpoint => Assert.StartsWith("web-", checkpoint.Name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Clones_inherit_schedules_and_not_what_their_origin_missed()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await CreateAsync(node, new("on", "*:30", ScheduleAction.Start), new("once", "2020-01-01 00:10", ScheduleAction.Stop));
        Assert.True((await node.Frozen.ConvertAsync(new ConvertToTemplate(Web, TimeSpan.Zero, null), Cancel)).IsSuccess);
        Assert.Equal([null, null], node.Frozen.Find(FrozenKind.Template, Web).Value.Schedules.Select(schedule => schedule.NextAt));
        await AdvanceToAsync(node, node.Time.GetUtcNow().AddHours(5));
        var cloned = node.Time.GetUtcNow();
        var clone = (await node.Instances.CreateAsync(new CreateInstance { Template = Web, Name = "clone" }, Cancel)).Value.Single();
        Assert.Equal([("on", cloned.AddMinutes(30)), ("once", null)], clone.Schedules.Select(schedule => (schedule.Name, schedule.NextAt)));
        var other = (await node.Instances.CreateAsync(new CreateInstance { Template = Web, Name = "other", Schedules = [] }, Cancel)).Value.Single();
        Assert.Empty(other.Schedules);
        await AdvanceToAsync(node, cloned.AddMinutes(29));
        Assert.Equal(InstanceState.Stopped, node.Find("clone").State);
        await AdvanceToAsync(node, cloned.AddMinutes(30), () => node.Find("clone").State == InstanceState.Running);
        Assert.Equal(InstanceState.Stopped, node.Find("other").State);
    }

    [Fact]
    public async Task A_change_takes_effect_at_once_and_a_store_that_refuses_undoes_it()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await CreateAsync(node, new Schedule("late", "20:00", ScheduleAction.Start));
        var begin = node.Time.GetUtcNow();
        node.Store.Refuse = new WispError(ErrorCode.OperationFailed, "No room on the disk.");
        Assert.False((await node.Instances.ChangeAsync(Web, new PropertyChange.RemoveSchedules(null), Cancel)).IsSuccess);
        node.Store.Refuse = null;
        Assert.Equal(begin.AddHours(20), NextAt(node, "late"));

        // While the runner sleeps until the later one.
        await SettleAsync();
        Assert.True((await node.Instances.ChangeAsync(Web, new PropertyChange.AddSchedules([new("early", "00:03", ScheduleAction.Start)]), Cancel)).IsSuccess);
        Assert.Equal(begin.AddMinutes(3), NextAt(node, "early"));
        await AdvanceToAsync(node, begin.AddMinutes(3), () => node.Find("web").State == InstanceState.Running);
        Assert.True((await node.Instances.ChangeAsync(Web, new PropertyChange.RemoveSchedules(["early"]), Cancel)).IsSuccess);
        Assert.Equal("late", Assert.Single(node.Find("web").Schedules).Name);
    }

    [Fact]
    public async Task A_request_that_breaks_a_rule_makes_nothing()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        var refused = await node.Instances.CreateAsync(new CreateInstance { Name = "web", Image = "hello", Schedules = [new("a", "x", ScheduleAction.Start)] }, Cancel);
        Assert.Equal(ErrorCode.InvalidValue, refused.Error?.Code);
        var inside = await node.Instances.CreateAsync(
            new CreateInstance
            {
                Name = "web", OnDemand = new OnDemandTemplate(new CreateInstance { Image = "hello", Schedules = [new("a", "daily", ScheduleAction.Exec)] }, false, null, null),
            },
            Cancel);
        Assert.Equal(ErrorCode.NotSupported, inside.Error?.Code);
        Assert.Empty(node.Instances.List());
        Assert.Empty(node.Frozen.List(FrozenKind.Template));
    }
}
