using Wisp.Platform.Autoscale;
using Wisp.Platform.Instances;
using Wisp.Platform.Services;
using Wisp.State;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Services;

/// <summary>Service groups that delete themselves when they have had no instance for a while.</summary>
public sealed class GroupAutokillTests
{
    private static readonly ResourceRef Edge = ResourceRef.To("edge");
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_that_never_had_an_instance_goes_a_while_after_it_was_made_and_its_port_with_it()
    {
        await using var node = await BeginAsync(Hour);
        node.Time.Advance(Hour - Minute);
        Assert.Equal(Hour, node.Services.Find(Edge).Value.Autokill);
        await GoneAsync(node);
        Assert.Empty(node.Gateway.Routes);
        // The store knows it, too.
        await node.RestartAsync();
        Assert.Empty(node.Services.List());
    }

    [Fact]
    public async Task One_that_has_an_instance_stays_and_the_time_counts_from_when_it_has_gone()
    {
        await using var node = await BeginAsync(Hour);
        await JoinAsync(node);
        node.Time.Advance(10 * Hour);
        await node.RestartAsync();
        Assert.Single(node.Services.List());
        await node.Instances.DeleteAsync(ResourceRef.To("web"), Cancel);
        var empty = node.Time.GetUtcNow();
        node.Time.Advance(Hour / 2);
        await node.RestartAsync();
        await GoneAsync(node);
        Assert.True(node.Time.GetUtcNow() - empty >= Hour);
    }

    [Fact]
    public async Task One_that_gets_an_instance_in_time_begins_anew()
    {
        await using var node = await BeginAsync(Hour);
        node.Time.Advance(Hour - Minute);
        await JoinAsync(node);
        node.Time.Advance(Hour);
        await node.Instances.DeleteAsync(ResourceRef.To("web"), Cancel);
        var empty = node.Time.GetUtcNow();
        await GoneAsync(node);
        Assert.True(node.Time.GetUtcNow() - empty >= Hour);
    }

    [Fact]
    public async Task It_can_be_given_later_and_counts_from_when_the_group_became_empty()
    {
        await using var node = await BeginAsync(null);
        node.Time.Advance(2 * Hour);
        Assert.Single(node.Services.List());
        Assert.True((await node.Services.ChangeAsync(Edge, new ServiceGroupChange.SetAutokill(3 * Hour), Cancel)).IsSuccess);
        await node.Services.ChangeAsync(Edge, new ServiceGroupChange.SetAutokill(TimeSpan.Zero), Cancel);
        Assert.Null(node.Services.Find(Edge).Value.Autokill);
        node.Time.Advance(5 * Hour);
        Assert.Single(node.Services.List());
        // It is over already.
        await node.Services.ChangeAsync(Edge, new ServiceGroupChange.SetAutokill(3 * Hour), Cancel);
        await node.UntilAsync(() => node.Services.List().Count == 0);
    }

    [Fact]
    public async Task One_that_was_left_empty_by_a_wispd_that_died_counts_from_the_next()
    {
        await using var node = await BeginAsync(Hour);
        await JoinAsync(node);
        node.Time.Advance(10 * Hour);
        // It deletes the record of the instance, and comes no further.
        var key = (await node.Store.ListAsync("instances/", Cancel)).Single().Key;
        await node.Store.CommitAsync([new StateChange(key, null)], Cancel);
        await node.RestartAsync();
        var restarted = node.Time.GetUtcNow();
        await GoneAsync(node);
        Assert.True(node.Time.GetUtcNow() - restarted >= Hour);
    }

    [Fact]
    public async Task One_that_scales_is_not_deleted_and_counts_from_when_it_does_no_more()
    {
        await using var node = await BeginAsync(Hour);
        Assert.True((await node.Rooms.Autoscale.ConfigureAsync(Edge, new ConfigureAutoscale { MinSize = 0, MaxSize = 2 }, change: false, Cancel)).IsSuccess);
        node.Time.Advance(10 * Hour);
        Assert.Single(node.Services.List());
        Assert.True((await node.Rooms.Autoscale.RemoveAsync(Edge, Cancel)).IsSuccess);
        var ended = node.Time.GetUtcNow();
        await GoneAsync(node);
        Assert.True(node.Time.GetUtcNow() - ended >= Hour);
    }

    private static async Task<TestNode> BeginAsync(TimeSpan? autokill)
    {
        var node = await TestNode.StartAsync(Cancel);
        var made = await node.Services.CreateAsync(
            new CreateServiceGroup { Name = "edge", Services = [new ServicePort(5353, 53, ServiceHandler.None, Udp: true)], Autokill = autokill }, Cancel);
        Assert.True(made.IsSuccess);
        return node;
    }

    private static async Task JoinAsync(TestNode node) =>
        Assert.True((await node.Instances.CreateAsync(new CreateInstance { Name = "web", Image = "hello", ServiceGroup = Edge }, Cancel)).IsSuccess);

    private static Task GoneAsync(TestNode node) => node.AdvanceUntilAsync(() => node.Services.List().Count == 0, Minute);
}
