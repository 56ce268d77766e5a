using Wisp.Platform.Accounts;
using Wisp.Platform.Audit;
using Wisp.Platform.Instances;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Audit;

/// <summary>What is kept for the audit stream.</summary>
public sealed class AuditTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_outlives_a_daemon_that_ends_in_order_without_a_gap()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await RunAsync(node);
        var before = node.Rooms.Audit.After(0).Events;
        Assert.Equal([InstanceState.Stopped, InstanceState.Starting, InstanceState.Running], before.Select(happened => happened.State));
        await node.Platform.DisposeAsync();
        await node.RestartAsync();
        // Compared by parts: a list of labels is another list once it was read.
        Assert.Equal(before.Select(happened => (happened.Id, happened.State, happened.Uuid)), node.Rooms.Audit.After(0).Events.Select(happened => (happened.Id, happened.State, happened.Uuid)));
    }

    [Fact]
    public async Task After_a_kill_there_is_a_gap_and_ids_go_on()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await RunAsync(node);
        var trail = node.Rooms.Audit;
        await node.AdvanceUntilAsync(() => Written(node) == 3, TimeSpan.FromSeconds(1));
        await node.RestartAsync();
        var after = node.Rooms.Audit.After(0).Events;
        Assert.Equal((4, AuditKind.Gap), (after.Count, after[^1].Kind));
        Assert.True(after[^1].Id > trail.After(null).Position);
    }

    [Fact]
    public async Task What_the_store_refuses_is_written_when_it_takes_it_again()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published() with { Autostart = false }, Cancel);
        await node.Instances.StartAsync(ResourceRef.To("web"), TimeSpan.FromMinutes(1), Cancel);
        node.Store.Refuse = new WispError(ErrorCode.OperationFailed, "No room.");
        await node.AdvanceUntilAsync(() => node.Store.AuditRefused > 0, TimeSpan.FromSeconds(1));
        node.Store.Refuse = null;
        await node.Instances.StopAsync(ResourceRef.To("web"), new StopOptions(Force: true, TimeSpan.Zero, null), Cancel);
        await node.UntilAsync("web", InstanceState.Stopped);
        var happened = node.Rooms.Audit.After(0).Events.Count;
        await node.AdvanceUntilAsync(() => Written(node) == happened, TimeSpan.FromSeconds(1));
        Assert.True(happened > 2);
    }

    [Fact]
    public void What_happens_to_one_user_pushes_out_nothing_of_another_and_what_was_pushed_out_is_deleted_once()
    {
        var ring = new AuditRing();
        var (noisy, quiet) = (Guid.NewGuid(), Guid.NewGuid());
        AuditEvent Of(Guid user, bool isOfAnother) => new()
        {
            Account = Account.Own, Id = 0, Kind = AuditKind.TokenCreated, Time = DateTimeOffset.UnixEpoch, Uuid = user, IsOfAnother = isOfAnother,
        };
        ring.Add(Of(Account.Own, isOfAnother: false));
        ring.Add(Of(quiet, isOfAnother: true));
        var written = new HashSet<long>();
        for (var round = 0; round < 3 * AuditRing.Kept; round++)
        {
            ring.Add(Of(noisy, isOfAnother: true));
            if (round % 77 != 0)
            {
                continue;
            }

            var (put, delete) = ring.Changes();
            written.UnionWith(put.Select(happened => happened.Id));
            Assert.All(delete, happened => Assert.True(written.Remove(happened.Id)));
            // While that is being written, more is pushed out.
            for (var more = 0; more < 60; more++)
            {
                ring.Add(Of(noisy, isOfAnother: true));
            }

            ring.Done(put, delete);
        }

        var page = ring.After(0);
        Assert.Equal([Account.Own, quiet], page.Events.Take(2).Select(happened => happened.Uuid!.Value));
        Assert.Equal((AuditRing.KeptOfAnother, true), (page.Events.Count(happened => happened.Uuid == noisy), page.IsGap));
        var (last, gone) = ring.Changes();
        written.UnionWith(last.Select(happened => happened.Id));
        written.ExceptWith(gone.Select(happened => happened.Id));
        Assert.Equal(page.Events.Select(happened => happened.Id), written.Order());
    }

    [Theory]
    [InlineData(AuditKind.StateChange)]
    [InlineData(AuditKind.Annotated)]
    [InlineData(AuditKind.TokenCreated)]
    public void What_happens_often_pushes_out_nothing_of_another_sort(AuditKind often)
    {
        var ring = new AuditRing();
        AuditEvent[] rare =
        [
            Event() with { Kind = AuditKind.TokenCreated, Uuid = Guid.NewGuid(), IsOfAnother = true }, Event() with { Kind = AuditKind.UserDeleted, Uuid = Guid.NewGuid(), IsOfAnother = true },
            Event() with { Kind = often == AuditKind.TokenCreated ? AuditKind.StartFailed : AuditKind.TokenCreated, Uuid = Account.Own },
        ];
        foreach (var happened in rare)
        {
            ring.Add(happened);
        }

        for (var count = 0; count < 5 * AuditRing.Kept; count++)
        {
            ring.Add(Event() with { Kind = often, Name = $"often-{count}" });
        }

        var page = ring.After(0);
        Assert.Equal(rare.Select(happened => (happened.Kind, happened.Uuid)), page.Events.Take(3).Select(happened => (happened.Kind, happened.Uuid)));
        Assert.Equal((AuditRing.Kept, true, $"often-{(5 * AuditRing.Kept) - 1}"), (page.Events.Count, page.IsGap, page.Events[^1].Name));
        Assert.Equal(page.Events, ring.Changes().Put);
    }

    [Fact]
    public void A_ring_keeps_the_last_and_says_what_is_to_be_deleted()
    {
        var ring = new AuditRing();
        for (var count = 0; count < AuditRing.Kept; count++)
        {
            ring.Add(Event());
        }

        var (put, delete) = ring.Changes();
        Assert.Equal((AuditRing.Kept, 0), (put.Count, delete.Count));
        // While those are being written, more come and push some of them out.
        for (var count = 0; count < 10; count++)
        {
            ring.Add(Event());
        }

        ring.Done(put, delete);
        var (more, old) = ring.Changes();
        Assert.Equal((10, 10), (more.Count, old.Count));
        Assert.Equal(put.Take(10), old);
        ring.Done(more, old);
        Assert.Equal((0, 0), (ring.Changes().Put.Count, ring.Changes().Delete.Count));
        var page = ring.After(put[0].Id);
        Assert.Equal((AuditRing.Kept, true), (page.Events.Count, page.IsGap));
        Assert.False(ring.After(put[9].Id).IsGap);
    }

    [Fact]
    public void Ids_grow_though_the_clock_stands_still_or_goes_back()
    {
        var ring = new AuditRing();
        ring.Add(Event());
        ring.Add(Event());
        ring.Add(Event() with { Time = DateTimeOffset.UnixEpoch });
        var ids = ring.After(0).Events.Select(happened => happened.Id).ToArray();
        Assert.Equal(ids.Order(), ids);
        Assert.Equal(3, ids.Distinct().Count());
    }

    private static AuditEvent Event() => new() { Account = Account.Own, Id = 0, Kind = AuditKind.StateChange, Time = DateTimeOffset.UnixEpoch.AddYears(50) };

    private static int Written(TestNode node) => node.Store.Keys.Count(key => key.StartsWith($"audit/{Account.Own}/", StringComparison.Ordinal));

    private static async Task RunAsync(TestNode node)
    {
        await node.Instances.CreateAsync(TestNode.Published() with { ScaleToZero = null }, Cancel);
        await node.UntilAsync("web", InstanceState.Running);
    }
}
