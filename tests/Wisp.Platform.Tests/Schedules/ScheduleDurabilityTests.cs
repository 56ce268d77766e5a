using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Platform.Schedules;
using Wisp.State;
using Wisp.Testing;
using static Wisp.Platform.Tests.Schedules.Scheduled;

namespace Wisp.Platform.Tests.Schedules;

/// <summary>What is kept of schedules: over the end of a wispd, by the store, and while that refuses.</summary>
public sealed class ScheduleDurabilityTests
{
    [Fact]
    public async Task What_was_missed_while_no_wispd_ran_is_done_once_and_in_its_order()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        // Named so that neither the order of names nor that of first times is the right one.
        await CreateAsync(node, new("a", "8:00", ScheduleAction.Start), new("b", "7:00", ScheduleAction.Stop), new("c", "*:00", ScheduleAction.Checkpoint));
        await node.Instances.StartAsync(Web, null, Cancel);
        var noon = node.Time.GetUtcNow().AddDays(3).AddHours(12.5);
        // A new one, as if the old one had not been there from midnight on.
        await node.RestartAsync(() => node.Time.Advance(noon - node.Time.GetUtcNow()));
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
            while (await StoredSinceAsync(store) < half)
            {
                await Task.Yield();
            }

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

    private static async Task<DateTimeOffset> StoredSinceAsync(SqliteStateStore store)
    {
        var entry = (await store.ListAsync("instances/", Cancel)).Single();
        return System.Text.Json.JsonDocument.Parse(entry.Value).RootElement.GetProperty("schedules")[0].GetProperty("since").GetDateTimeOffset();
    }
}
