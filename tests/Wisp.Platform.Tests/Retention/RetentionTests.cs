using System.Text;
using Wisp.Machines.Consoles;
using Wisp.Platform.Accounts;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.State;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Retention;

/// <summary>Deleted instances that can still be looked at.</summary>
public sealed class RetentionTests
{
    private static readonly ResourceRef Web = ResourceRef.To("web");
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deleted_one_is_found_by_its_uuid_until_its_time_is_up()
    {
        await using var node = await StartAsync();
        var deleted = await DeleteAsync(node);
        var at = node.Time.GetUtcNow();
        var view = node.Instances.Find(deleted).Value;
        Assert.Equal(("web", InstanceState.Deleted, at + Hour, 1), (view.Name, view.State, view.RetainedUntil, view.StartCount));
        Assert.NotNull(view.StopReason);
        Assert.Equal("last words", Log(node, deleted));
        Assert.Equal(InstanceState.Deleted, node.Instances.Measure(deleted).Value.Instance.State);
        Assert.Equal("web", node.Frozen.HistoryOfInstance(deleted).Value.Name);
        await node.AdvanceUntilAsync(() => !node.Instances.Find(deleted).IsSuccess, Minute);
        Assert.True(node.Time.GetUtcNow() - at >= Hour);
        Assert.Equal(ErrorCode.NotFound, node.Instances.ReadLog(deleted, 0, 1).Error?.Code);
        await node.UntilAsync(() => !Directory.Exists(DirectoryOf(node, deleted)));
        Assert.DoesNotContain(node.Store.Keys, key => key.StartsWith("retained/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_but_its_record_and_console_is_free_at_once()
    {
        await using var node = await StartAsync();
        var deleted = await DeleteAsync(node);
        Assert.Equal([ConsoleLog.FileName], new DirectoryInfo(DirectoryOf(node, deleted)).GetFileSystemInfos().Select(entry => entry.Name));
        Assert.Empty(node.Network.Attached);
        Assert.Empty(node.Instances.List());
        Assert.Empty(node.Services.List());
        Assert.Equal(ErrorCode.NotFound, node.Instances.Find(Web).Error?.Code);
        var view = node.Instances.Find(deleted).Value;
        Assert.Equal((null, null, null), (view.Interface, view.ServiceGroup, view.Snapshot));
        Assert.DoesNotContain(node.Snapshots.List(), entry => entry.Manifest?.Kind == Snapshots.SnapshotKind.Hibernation);
        // With the same name and port.
        var next = (await node.Instances.CreateAsync(TestNode.Published() with { TimeoutS = -1 }, Cancel)).Value[0];
        Assert.Equal((next.Uuid, InstanceState.Running), (node.Find("web").Uuid, next.State));
        Assert.Equal(InstanceState.Deleted, node.Instances.Find(deleted).Value.State);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(60, false)]
    public async Task Nothing_is_kept_where_nobody_wants_it(int minutes, bool retain)
    {
        await using var node = await StartAsync(TimeSpan.FromMinutes(minutes));
        var deleted = await DeleteAsync(node, new DeleteOptions(retain, null));
        Assert.Equal(ErrorCode.NotFound, node.Instances.Find(deleted).Error?.Code);
        Assert.False(Directory.Exists(DirectoryOf(node, deleted)));
        Assert.DoesNotContain(node.Store.Keys, key => key.StartsWith("retained/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_two_who_delete_it_one_that_wants_nothing_kept_is_enough()
    {
        await using var node = await StartAsync();
        var web = await RunAsync(node);
        node.Machine.Stubborn = true;
        var first = node.Instances.DeleteAsync(web, Cancel);
        var second = node.Instances.DeleteAsync(web, new DeleteOptions(Retain: false, null), Cancel);
        await node.AdvanceUntilAsync(() => first.IsCompleted && second.IsCompleted, Minute);
        Assert.True((await first).IsSuccess && (await second).IsSuccess);
        Assert.Equal(ErrorCode.NotFound, node.Instances.Find(web).Error?.Code);
    }

    [Fact]
    public async Task Deleted_once_more_it_is_gone()
    {
        await using var node = await StartAsync();
        var deleted = await DeleteAsync(node);
        var again = (await node.Instances.DeleteAsync(deleted, Cancel)).Value;
        Assert.Equal((InstanceState.Deleted, InstanceState.Deleted), (again.State, again.PreviousState));
        Assert.Equal(ErrorCode.NotFound, node.Instances.Find(deleted).Error?.Code);
        Assert.Equal(ErrorCode.NotFound, (await node.Instances.DeleteAsync(deleted, Cancel)).Error?.Code);
        Assert.False(Directory.Exists(DirectoryOf(node, deleted)));
        Assert.DoesNotContain(node.Store.Keys, key => key.StartsWith("retained/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_can_be_looked_at_and_nothing_else()
    {
        await using var node = await StartAsync();
        var deleted = await DeleteAsync(node);
        Assert.All(
            [
                (await node.Instances.StartAsync(deleted, null, Cancel)).Error,
                (await node.Instances.StartColdAsync(deleted, null, Cancel)).Error,
                (await node.Instances.StopAsync(deleted, new StopOptions(true, TimeSpan.Zero, null), Cancel)).Error,
                (await node.Instances.SuspendAsync(deleted, null, Cancel)).Error,
                (await node.Instances.ChangeAsync(deleted, new PropertyChange.SetDeleteLock(true), Cancel)).Error,
                (await node.Instances.WaitAsync(deleted, InstanceState.Running, null, Cancel)).Error,
            ],
            error => Assert.Equal(ErrorCode.WrongState, error?.Code));
        Assert.Equal(InstanceState.Deleted, (await node.Instances.WaitAsync(deleted, InstanceState.Deleted, null, Cancel)).Value.State);
        Assert.Equal(ErrorCode.NotFound, (await node.Instances.CreateAsync(new CreateInstance { BranchFrom = deleted }, Cancel)).Error?.Code);
    }

    [Fact]
    public async Task What_deletes_itself_is_kept_likewise()
    {
        // Longer than time can pass while the second one is waited for.
        await using var node = await StartAsync(TimeSpan.FromDays(365));
        var made = (await node.Instances.CreateAsync(new CreateInstance { Name = "once", Image = "hello", DeleteOnStop = true, Autostart = true, TimeoutS = -1 }, Cancel)).Value[0];
        node.Machine.End(new Machines.MachineExit(Machines.MachineExitCause.ApplicationExited, 3, null));
        var killed = (await node.Instances.CreateAsync(new CreateInstance { Name = "late", Image = "hello", Autokill = Minute, Autostart = true, TimeoutS = -1 }, Cancel)).Value[0];
        await node.Instances.StopAsync(ResourceRef.To("late"), new StopOptions(true, TimeSpan.Zero, null), Cancel);
        await node.AdvanceUntilAsync(() => node.Instances.List().Count == 0, Minute / 2);
        Assert.Equal((InstanceState.Deleted, 3), (node.Instances.Find(ResourceRef.To(made.Uuid)).Value.State, node.Instances.Find(ResourceRef.To(made.Uuid)).Value.ExitCode));
        Assert.Equal(InstanceState.Deleted, node.Instances.Find(ResourceRef.To(killed.Uuid)).Value.State);
    }

    [Fact]
    public async Task The_next_wispd_has_those_whose_time_is_not_up()
    {
        var directory = Directory.CreateTempSubdirectory("wisp-retention-");
        var database = Path.Combine(directory.FullName, "state.db");
        var store = (await SqliteStateStore.OpenAsync(database, Cancel)).Value;
        var node = await StartAsync();
        try
        {
            node.Durable = store;
            await node.RestartAsync();
            var first = await DeleteAsync(node);
            var until = node.Instances.Find(first).Value.RetainedUntil;
            node.Time.Advance(Hour / 2);
            var second = await DeleteAsync(node);
            // As if it had been killed before it had tidied up.
            await File.WriteAllTextAsync(Path.Combine(DirectoryOf(node, second), "machine.json"), "{}", Cancel);
            await node.Platform.DisposeAsync();
            await store.DisposeAsync();

            node.Durable = store = (await SqliteStateStore.OpenAsync(database, Cancel)).Value;
            await node.RestartAsync();
            Assert.Equal((until, "last words"), (node.Instances.Find(first).Value.RetainedUntil, Log(node, first)));
            Assert.Equal([ConsoleLog.FileName], Directory.GetFiles(DirectoryOf(node, second)).Select(Path.GetFileName));

            await node.RestartAsync(() => node.Time.Advance(Hour * 3 / 4));
            Assert.Equal(ErrorCode.NotFound, node.Instances.Find(first).Error?.Code);
            Assert.False(Directory.Exists(DirectoryOf(node, first)));
            Assert.Equal("last words", Log(node, second));
            Assert.Single(await store.ListAsync("retained/", Cancel));
            await node.AdvanceUntilAsync(() => !node.Instances.Find(second).IsSuccess, Minute);
        }
        finally
        {
            await node.DisposeAsync();
            await store.DisposeAsync();
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task It_is_its_account_s_alone_and_goes_with_it()
    {
        await using var node = await StartAsync();
        var acme = (await node.Platform.Accounts.CreateAsync(Caller.Owner, "acme", AccountLimits.None, Cancel)).Value;
        var rooms = node.Platform.For(new Caller(acme.Uuid, "acme", Role.Write, null));
        var made = ResourceRef.To((await rooms.Instances.CreateAsync(new CreateInstance { Image = "hello" }, Cancel)).Value[0].Uuid);
        Directory.CreateDirectory(DirectoryOf(node, made));
        await rooms.Instances.DeleteAsync(made, Cancel);
        Assert.Equal(InstanceState.Deleted, rooms.Instances.Find(made).Value.State);
        Assert.Equal(ErrorCode.NotFound, node.Instances.Find(made).Error?.Code);
        Assert.Equal(ErrorCode.NotFound, (await node.Instances.DeleteAsync(made, Cancel)).Error?.Code);
        Assert.True((await node.Platform.Accounts.DeleteAsync(Caller.Owner, ResourceRef.To("acme"), Cancel)).IsSuccess);
        Assert.Equal(ErrorCode.NotFound, rooms.Instances.Find(made).Error?.Code);
        Assert.False(Directory.Exists(DirectoryOf(node, made)));
        Assert.DoesNotContain(node.Store.Keys, key => key.StartsWith("retained/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_does_not_wait_long_enough_is_told_and_it_is_deleted_all_the_same()
    {
        await using var node = await StartAsync(TimeSpan.FromDays(365));
        var web = await RunAsync(node);
        var machine = node.Machine;
        machine.Stubborn = true;
        var waiting = node.Instances.DeleteAsync(web, new DeleteOptions(Retain: true, TimeSpan.FromSeconds(1)), Cancel);
        await node.AdvanceUntilAsync(() => waiting.IsCompleted, TimeSpan.FromSeconds(1));
        Assert.Equal(ErrorCode.TimedOut, (await waiting).Error?.Code);
        await node.AdvanceUntilAsync(() => node.Instances.Find(web).Value.State == InstanceState.Deleted, TimeSpan.FromSeconds(1));
    }

    private static Task<TestNode> StartAsync(TimeSpan? retain = null) => TestNode.StartAsync(Cancel, options => options with { RetainDeleted = retain ?? Hour });

    private static async Task<ResourceRef> RunAsync(TestNode node)
    {
        await node.Instances.CreateAsync(TestNode.Published() with { TimeoutS = -1 }, Cancel);
        var directory = Directory.CreateDirectory(node.DirectoryOf("web")).FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, ConsoleLog.FileName), "last words", Cancel);
        await File.WriteAllTextAsync(Path.Combine(directory, "other"), "", Cancel);
        Directory.CreateDirectory(Path.Combine(directory, "vmm", "run"));
        return ResourceRef.To(node.Find("web").Uuid);
    }

    private static async Task<ResourceRef> DeleteAsync(TestNode node, DeleteOptions? options = null)
    {
        var web = await RunAsync(node);
        Assert.True((await node.Instances.DeleteAsync(web, options ?? DeleteOptions.Usual, Cancel)).IsSuccess);
        return web;
    }

    private static string DirectoryOf(TestNode node, ResourceRef reference) => Path.Combine(node.InstancesDirectory, reference.Uuid!.Value.ToString());

    private static string Log(TestNode node, ResourceRef reference) => Encoding.UTF8.GetString(node.Instances.ReadLog(reference, 0, 4096).Value.Bytes.Span);
}
