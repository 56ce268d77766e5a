using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Snapshots;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Frozen;

/// <summary>What deletes itself.</summary>
public sealed class AutokillTests
{
    private static readonly ResourceRef Web = ResourceRef.To("web");
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_template_dies_a_while_after_its_last_clone_and_its_files_with_it()
    {
        await using var node = await TemplateTests.RunningAsync();
        var template = (await node.Frozen.ConvertAsync(new ConvertToTemplate(Web, TimeSpan.Zero, Hour), Cancel)).Value;
        Assert.Equal(Hour, template.TemplateAutokill);
        node.Time.Advance(Hour - Minute);
        await node.Instances.CreateAsync(new CreateInstance { Template = Web, Name = "clone" }, Cancel);
        var used = node.Time.GetUtcNow();
        await node.Instances.DeleteAsync(ResourceRef.To("clone"), Cancel);
        await node.AdvanceUntilAsync(() => node.Frozen.List(FrozenKind.Template).Count == 0, Minute);
        Assert.True(node.Time.GetUtcNow() - used >= Hour);
        await node.UntilAsync(() => node.Snapshots.Find(template.Snapshot!.Value) is null);
    }

    [Fact]
    public async Task A_lock_stops_its_clock()
    {
        await using var node = await TemplateTests.RunningAsync();
        await node.Frozen.ConvertAsync(new ConvertToTemplate(Web, TimeSpan.Zero, Hour), Cancel);
        node.Time.Advance(Hour / 2);
        await node.Frozen.ChangeAsync(FrozenKind.Template, Web, new PropertyChange.SetDeleteLock(true), Cancel);
        node.Time.Advance(10 * Hour);
        await node.RestartAsync();
        await node.Frozen.ChangeAsync(FrozenKind.Template, Web, new PropertyChange.SetDeleteLock(false), Cancel);
        var unlocked = node.Time.GetUtcNow();
        await node.AdvanceUntilAsync(() => node.Frozen.List(FrozenKind.Template).Count == 0, Minute);
        Assert.True(node.Time.GetUtcNow() - unlocked >= Hour / 2);
    }

    [Fact]
    public async Task A_checkpoint_dies_a_while_after_its_last_use_and_the_next_wispd_knows()
    {
        await using var node = await TemplateTests.RunningAsync();
        await node.Frozen.CheckpointAsync(new CreateCheckpoint { From = Web, Name = "before", Wait = null, Autokill = Hour }, Cancel);
        Assert.Equal(Hour, node.Frozen.List(FrozenKind.Checkpoint).Single().CheckpointAutokill);
        await node.AdvanceUntilAsync(() => node.Frozen.List(FrozenKind.Checkpoint).Count == 0, Minute);
        await node.Frozen.CheckpointAsync(new CreateCheckpoint { From = Web, Name = "after", Wait = null, Autokill = Hour }, Cancel);
        await node.RestartAsync();
        await node.AdvanceUntilAsync(() => node.Frozen.List(FrozenKind.Checkpoint).Count == 0, Minute);
        Assert.Equal(InstanceState.Standby, node.Find("web").State);
    }

    [Fact]
    public async Task It_can_be_given_later_and_taken_away()
    {
        await using var node = await TemplateTests.RunningAsync();
        await TemplateTests.ConvertAsync(node);
        await node.Frozen.ChangeAsync(FrozenKind.Template, Web, new PropertyChange.SetAutokill(Hour), Cancel);
        await node.Frozen.ChangeAsync(FrozenKind.Template, Web, new PropertyChange.SetAutokill(null), Cancel);
        Assert.Null(node.Frozen.Find(FrozenKind.Template, Web).Value.TemplateAutokill);
        Assert.Equal(
            "Value of 'time_ms' must be in the range 0 to 31536000000",
            (await node.Frozen.ChangeAsync(FrozenKind.Template, Web, new PropertyChange.SetAutokill(TimeSpan.FromDays(400)), Cancel)).Error?.Message);
        await node.Frozen.ChangeAsync(FrozenKind.Template, Web, new PropertyChange.SetAutokill(Hour), Cancel);
        await node.AdvanceUntilAsync(() => node.Frozen.List(FrozenKind.Template).Count == 0, Minute);
    }

    [Fact]
    public async Task An_instance_dies_a_while_after_it_stopped_and_not_before()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(new CreateInstance { Name = "web", Image = "hello", Autokill = Hour, Autostart = true, TimeoutS = -1 }, Cancel);
        node.Time.Advance(2 * Hour);
        Assert.Equal(InstanceState.Running, node.Find("web").State);
        await node.Instances.StopAsync(Web, new StopOptions(true, TimeSpan.Zero, null), Cancel);
        await node.UntilAsync("web", InstanceState.Stopped);
        var stopped = node.Time.GetUtcNow();
        await node.AdvanceUntilAsync(() => node.Instances.List().Count == 0, Minute);
        Assert.True(node.Time.GetUtcNow() - stopped >= Hour);
    }

    [Fact]
    public async Task An_instance_under_lock_is_not_deleted()
    {
        await using var node = await TemplateTests.RunningAsync();
        await node.Instances.ChangeAsync(Web, new PropertyChange.SetDeleteLock(true), Cancel);
        Assert.Equal("Deletion protection enabled", (await node.Instances.DeleteAsync(Web, Cancel)).Error?.Message);
        Assert.Equal(InstanceState.Running, node.Find("web").State);
        Assert.True((await TemplateTests.ConvertAsync(node)).Value.DeleteLock);
        Assert.Contains(node.Snapshots.List(), entry => entry.Manifest?.Kind == SnapshotKind.Template);
    }
}
