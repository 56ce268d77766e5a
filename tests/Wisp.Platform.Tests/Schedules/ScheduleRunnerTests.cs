using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Platform.Schedules;
using Wisp.State;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Schedules;

/// <summary>Schedules carry out what they say when they say it.</summary>
public sealed class ScheduleRunnerTests
{
    private static readonly ResourceRef Web = ResourceRef.To("web");
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

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
    public async Task What_was_missed_while_no_wispd_ran_is_done_once_and_in_its_order()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        // Named so that neither the order of names nor that of first times is the right one.
        await CreateAsync(node, new("a", "8:00", ScheduleAction.Start), new("b", "7:00", ScheduleAction.Stop), new("c", "*:00", ScheduleAction.Checkpoint));
        await node.Instances.StartAsync(Web, null, Cancel);
        var noon = node.Time.GetUtcNow().AddDays(3).AddHours(12.5);
        // A new one, as if the old one had not been there from midnight on.
        await DieAsync(node, () => node.Time.Advance(noon - node.Time.GetUtcNow()));
        await node.UntilAsync(() => NextAt(node, "a") > noon && NextAt(node, "b") > noon && NextAt(node, "c") > noon);
        // First stopped, then started.
        Assert.Equal((InstanceState.Running, 2), (node.Find("web").State, node.Find("web").StartCount));
        Assert.Single(node.Frozen.List(FrozenKind.Checkpoint));
        Assert.Equal(noon.AddMinutes(30), NextAt(node, "c"));

        await node.RestartAsync();
        // One that is taken over says in a moment how far it is.
        await node.UntilAsync("web", InstanceState.Running);
        await SettleAsync();
        Assert.Equal((InstanceState.Running, 2), (node.Find("web").State, node.Find("web").StartCount));
        Assert.Single(node.Frozen.List(FrozenKind.Checkpoint));
    }

    [Fact]
    public async Task One_that_is_cut_off_by_the_end_of_wispd_is_done_by_the_next()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await CreateAsync(node, new Schedule("on", "*:30", ScheduleAction.Start));
        var hold = node.Store.HoldCommits = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await AdvanceToAsync(node, node.Time.GetUtcNow().AddMinutes(30), () => node.Store.Held > 0);
        node.Store.HoldCommits = null;
        await node.RestartAsync();
        await node.UntilAsync("web", InstanceState.Running);
        hold.SetResult();
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
    public async Task Nothing_is_started_on_a_node_that_goes_down_and_the_next_wispd_makes_up_for_it()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await CreateAsync(node, new Schedule("on", "*:30", ScheduleAction.Start));
        await node.Platform.StopAllAsync(null, Cancel);
        await AdvanceToAsync(node, node.Time.GetUtcNow().AddMinutes(45));
        Assert.Empty(node.Engine.Started);
        await node.Platform.DisposeAsync();
        await node.RestartAsync();
        await node.UntilAsync("web", InstanceState.Running);
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

    [Fact]
    public async Task They_are_kept_by_the_real_store_with_what_of_them_is_done()
    {
        var directory = Directory.CreateTempSubdirectory("wisp-schedules-");
        var database = Path.Combine(directory.FullName, "state.db");
        var store = (await SqliteStateStore.OpenAsync(database, Cancel)).Value;
        var node = await TestNode.StartAsync(Cancel);
        try
        {
            node.Durable = store;
            await node.RestartAsync();
            await CreateAsync(node, new("on", "*:30", ScheduleAction.Start), new("off", "2020-01-02 00:00 Europe/Berlin", ScheduleAction.Stop));
            var half = node.Time.GetUtcNow().AddMinutes(30);
            await AdvanceToAsync(node, half, () => node.Find("web").State == InstanceState.Running);
            // The commit comes after what can be seen of it.
            await node.UntilAsync(() => StoredSince(store) >= half);
            await node.Platform.DisposeAsync();
            await store.DisposeAsync();

            node.Durable = store = (await SqliteStateStore.OpenAsync(database, Cancel)).Value;
            await node.RestartAsync();
            Assert.Equal(
                [("on", "*:30", ScheduleAction.Start), ("off", "2020-01-02 00:00 Europe/Berlin", ScheduleAction.Stop)],
                node.Find("web").Schedules.Select(schedule => (schedule.Name, schedule.When, schedule.Action)));
            Assert.Equal(half.AddHours(1), NextAt(node, "on"));
            await AdvanceToAsync(node, new(2020, 1, 1, 22, 59, 0, TimeSpan.Zero));
            Assert.Equal(InstanceState.Running, node.Find("web").State);
            await AdvanceToAsync(node, new(2020, 1, 1, 23, 0, 0, TimeSpan.Zero), () => node.Find("web").State == InstanceState.Stopped);
            await node.UntilAsync(() => NextAt(node, "off") is null);
        }
        finally
        {
            await node.DisposeAsync();
            await store.DisposeAsync();
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_record_from_before_there_were_schedules_is_one_without()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await CreateAsync(node, new Schedule("on", "*:30", ScheduleAction.Start));
        var entry = (await node.Store.ListAsync("instances/", Cancel)).Single();
        var record = System.Text.Json.Nodes.JsonNode.Parse(entry.Value.Span)!.AsObject();
        Assert.True(record.Remove("schedules"));
        await node.Store.CommitAsync([new(entry.Key, System.Text.Encoding.UTF8.GetBytes(record.ToJsonString()))], Cancel);
        await node.RestartAsync();
        Assert.Empty(node.Find("web").Schedules);
    }

    [Fact]
    public async Task A_store_that_refuses_does_not_have_it_done_again_and_again()
    {
        using var log = new HeardLines();
        await using var node = await TestNode.StartAsync(Cancel);
        node.Loggers = log;
        await node.RestartAsync();
        await CreateAsync(node, new Schedule("wake", "*:30", ScheduleAction.Start));
        await node.Instances.StartAsync(Web, null, Cancel);
        var half = node.Time.GetUtcNow().AddMinutes(30);
        node.Store.Refuse = new WispError(ErrorCode.OperationFailed, "No room on the disk.");
        await AdvanceToAsync(node, half, () => Done() > 0 && NextAt(node, "wake") == half.AddHours(1));
        await AdvanceToAsync(node, half.AddMinutes(20));
        Assert.Equal(1, Done());
        node.Store.Refuse = null;

        int Done() => log.Lines.Count(line => line.Contains("schedule wake did its Start", StringComparison.Ordinal));
    }

    private static Task<Result<IReadOnlyList<InstanceView>>> CreateAsync(TestNode node, params IReadOnlyList<Schedule> schedules) =>
        node.Instances.CreateAsync(new CreateInstance { Name = "web", Image = "hello", Schedules = schedules }, Cancel);

    private static DateTimeOffset? NextAt(TestNode node, string schedule) => node.Find("web").Schedules.Single(one => one.Name == schedule).NextAt;

    private static DateTimeOffset StoredSince(SqliteStateStore store)
    {
        var entry = store.ListAsync("instances/", CancellationToken.None).AsTask().GetAwaiter().GetResult().Single();
        return System.Text.Json.JsonDocument.Parse(entry.Value).RootElement.GetProperty("schedules")[0].GetProperty("since").GetDateTimeOffset();
    }

    // Moves the clock, and then lets everything run until something is so. Whoever read the clock before it moved and sets its timer only now
    // is given some more time now and then; not so much that it comes near to the next time of a schedule while a disk is slow.
    private static async Task AdvanceToAsync(TestNode node, DateTimeOffset at, Func<bool>? condition = null)
    {
        await SettleAsync();
        node.Time.Advance(at - node.Time.GetUtcNow());
        await SettleAsync();
        while (condition?.Invoke() == false)
        {
            for (var turn = 0; turn < 100 && !condition(); turn++)
            {
                Cancel.ThrowIfCancellationRequested();
                await SettleAsync();
            }

            node.Time.Advance(TimeSpan.FromSeconds(2));
        }
    }

    // Whatever could go on by itself has gone on.
    private static async Task SettleAsync()
    {
        for (var turn = 0; turn < 200; turn++)
        {
            await Task.Yield();
        }
    }

    private static async Task DieAsync(TestNode node, Action meanwhile)
    {
        // What is killed is no more: it hears no timer and writes nothing.
        var before = node.Time.GetUtcNow();
        await node.RestartAsync(meanwhile);
        Assert.True(node.Time.GetUtcNow() > before);
    }
}
