using Wisp.Platform.Instances;
using Wisp.Platform.Services;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Instances;

public sealed class CreateTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replicas_share_the_group_and_have_names_of_their_own()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        var made = (await node.Instances.CreateAsync(TestNode.Published() with { Replicas = 2 }, Cancel)).Value;
        Assert.Equal(3, made.Select(instance => instance.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("web", made[0].Name);
        Assert.All(made.Skip(1), replica => Assert.StartsWith("web-", replica.Name, StringComparison.Ordinal));
        Assert.Equal(3, node.Gateway.Routes.Values.Single().Targets.Count);
        Assert.Equal(3, node.Services.List().Single().Instances.Count);
    }

    [Fact]
    public async Task A_name_that_exists_is_refused()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(new CreateInstance { Name = "a", Image = "hello" }, Cancel);
        var twice = await node.Instances.CreateAsync(new CreateInstance { Name = "A", Image = "hello" }, Cancel);
        Assert.Equal(ErrorCode.AlreadyExists, twice.Error?.Code);
    }

    [Fact]
    public async Task What_is_being_written_has_its_name_and_its_address_already_and_holds_nobody_up()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Store.HoldCommits = new TaskCompletionSource();
        var first = node.Instances.CreateAsync(new CreateInstance { Name = "a", Image = "hello" }, Cancel);
        var other = node.Instances.CreateAsync(new CreateInstance { Name = "b", Image = "hello" }, Cancel);
        await node.UntilAsync(() => node.Store.Held == 2);
        var twice = await node.Instances.CreateAsync(new CreateInstance { Name = "a", Image = "hello" }, Cancel);
        Assert.Equal(ErrorCode.AlreadyExists, twice.Error?.Code);
        Assert.Empty(node.Instances.List());

        node.Store.HoldCommits.SetResult();
        Assert.NotEqual((await first).Value[0].Interface!.Value.At.Address, (await other).Value[0].Interface!.Value.At.Address);
        Assert.Equal(2, node.Instances.List().Count);
    }

    [Fact]
    public async Task What_could_not_be_written_leaves_its_name_free()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Store.Refuse = new WispError(ErrorCode.OperationFailed, "Disk full.");
        Assert.Equal("Disk full.", (await node.Instances.CreateAsync(new CreateInstance { Name = "a", Image = "hello" }, Cancel)).Error?.Message);
        node.Store.Refuse = null;
        Assert.True((await node.Instances.CreateAsync(new CreateInstance { Name = "a", Image = "hello" }, Cancel)).IsSuccess);
    }

    [Fact]
    public async Task An_image_without_a_command_is_refused_unless_args_are_given()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        var refused = await node.Instances.CreateAsync(new CreateInstance { Image = "mute" }, Cancel);
        Assert.StartsWith("Image 'mute:latest' has neither CMD nor ENTRYPOINT", refused.Error?.Message, StringComparison.Ordinal);
        Assert.True((await node.Instances.CreateAsync(new CreateInstance { Image = "mute", Args = ["/bin/true"] }, Cancel)).IsSuccess);
    }

    [Fact]
    public async Task An_unknown_image_costs_nothing()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        var refused = await node.Instances.CreateAsync(TestNode.Published() with { Image = "nope" }, Cancel);
        Assert.Equal(ErrorCode.NotFound, refused.Error?.Code);
        Assert.Empty(node.Services.List());
        Assert.Empty(node.Gateway.Routes);
    }

    [Fact]
    public async Task A_port_that_is_taken_costs_nothing()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Gateway.TakenPort = 8081;
        var two = new CreateServiceGroup
        {
            Services = [new(8080, 80, ServiceHandler.Http, "127.0.0.1"), new(8081, 80, ServiceHandler.Http, "127.0.0.1")],
        };
        var refused = await node.Instances.CreateAsync(TestNode.Published() with { NewServiceGroup = two }, Cancel);
        Assert.Equal(ErrorCode.CannotAddService, refused.Error?.Code);
        Assert.Empty(node.Instances.List());
        Assert.Empty(node.Services.List());
        Assert.Empty(node.Gateway.Routes);
    }

    [Fact]
    public async Task A_store_that_refuses_costs_nothing()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Store.Refuse = new WispError(ErrorCode.OperationFailed, "Disk full.");
        var refused = await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        Assert.Equal("Disk full.", refused.Error?.Message);
        Assert.Empty(node.Instances.List());
        Assert.Empty(node.Gateway.Routes);
        Assert.Empty(node.Engine.Started);
    }

    [Fact]
    public async Task When_all_addresses_are_taken_it_says_so()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Network.Capacity = 1;
        await node.Instances.CreateAsync(new CreateInstance { Image = "hello" }, Cancel);
        Assert.Equal(ErrorCode.NothingFree, (await node.Instances.CreateAsync(new CreateInstance { Image = "hello" }, Cancel)).Error?.Code);
    }

    [Fact]
    public async Task A_group_with_instances_cannot_be_deleted()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        var group = node.Services.List().Single();
        var refused = await node.Services.DeleteAsync(ResourceRef.To(group.Uuid), Cancel);
        Assert.Equal(ErrorCode.Attached, refused.Error?.Code);
    }

    [Fact]
    public async Task A_persistent_group_outlives_its_instances()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        var group = (await node.Services.CreateAsync(
            new CreateServiceGroup { Name = "edge", Services = [new(8080, 80, ServiceHandler.Http, "127.0.0.1")] }, Cancel)).Value;
        await node.Instances.CreateAsync(new CreateInstance { Name = "a", Image = "hello", ServiceGroup = ResourceRef.To("edge") }, Cancel);
        await node.Instances.DeleteAsync(ResourceRef.To("a"), Cancel);
        Assert.Equal(group.Uuid, node.Services.List().Single().Uuid);
        Assert.Empty(node.Gateway.Routes.Values.Single().Targets);
        Assert.True((await node.Services.DeleteAsync(ResourceRef.To("edge"), Cancel)).IsSuccess);
        Assert.Empty(node.Gateway.Routes);
    }
}
