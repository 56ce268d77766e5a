using Wisp.Platform.Accounts;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Platform.Tests.Frozen;
using Wisp.Testing;
using static Wisp.Platform.Tests.Sleep.Sleeping;

namespace Wisp.Platform.Tests.Instances;

/// <summary>Changes that wait for an instance's turn while others change what they rely on.</summary>
public sealed class ChangeRaceTests
{
    [Fact]
    public async Task An_image_stays_that_an_instance_is_just_being_given()
    {
        await using var node = await RunningAsync();
        node.Images.Images["other"] = node.Images.Images["hello"];
        var other = (await node.Images.FindAsync("other", Cancel)).Value;
        var suspending = await HoldTurnAsync(node, "web");
        var changing = node.Instances.ChangeAsync(Web, new PropertyChange.SetImage("other"), Cancel);
        Assert.True((await node.Platform.Images.RemoveAsync(other, Cancel)).Failed(out var error));
        Assert.Equal((ErrorCode.Attached, false), (error.Code, changing.IsCompleted));
        suspending.Release.SetResult();
        await suspending.Done;
        Assert.True((await changing).IsSuccess);
        Assert.False((await node.Platform.Images.RemoveAsync(other, Cancel)).IsSuccess);
        // Once nothing is made of it any more, it goes.
        await node.Instances.DeleteAsync(Web, Cancel);
        Assert.True((await node.Platform.Images.RemoveAsync(other, Cancel)).IsSuccess);
    }

    [Fact]
    public async Task Of_two_that_become_templates_at_once_one_does_where_there_is_room_for_one()
    {
        await using var node = await RunningAsync();
        await node.Instances.CreateAsync(TestNode.Published() with { Name = "other", NewServiceGroup = TemplateTests.Port(8081) }, Cancel);
        await node.UntilAsync("other", InstanceState.Running);
        await node.Platform.Accounts.LimitAsync(Caller.Owner, ResourceRef.To(Account.Own), limits => limits with { Frozen = 1 }, Cancel);
        FakeMachine[] machines = [.. node.Engine.Started];
        var captures = machines.Sum(machine => machine.Captures.Count);
        Array.ForEach(machines, machine => machine.HoldCapture = Hold());
        Task<Result<InstanceView>>[] both = [.. ((string[])["web", "other"]).Select(name => node.Frozen.ConvertAsync(new ConvertToTemplate(ResourceRef.To(name), null, null), Cancel))];
        // A checkpoint counts the one that is being made, too.
        await node.UntilAsync(() => machines.Sum(machine => machine.Captures.Count) > captures && both.Any(one => one.IsCompleted));
        Assert.Equal(ErrorCode.Quota, (await node.Frozen.CheckpointAsync(new CreateCheckpoint { From = ResourceRef.To("web"), Wait = TimeSpan.Zero }, Cancel)).Error?.Code);
        Array.ForEach(machines, machine => machine.HoldCapture!.TrySetResult());
        var done = await Task.WhenAll(both);
        Assert.Equal(1, done.Count(one => one.IsSuccess));
        Assert.Equal(ErrorCode.Quota, done.Single(one => !one.IsSuccess).Error!.Code);
        Assert.Single(node.Frozen.List(FrozenKind.Template));
    }

    [Fact]
    public async Task A_busy_instance_of_one_account_holds_up_no_order_of_another()
    {
        await using var node = await RunningAsync();
        await node.Instances.CreateAsync(new CreateInstance { Name = "db", Image = "hello" }, Cancel);
        var account = (await node.Platform.Accounts.CreateAsync(Caller.Owner, "acme", AccountLimits.None, Cancel)).Value;
        var acme = node.Platform.For(new Caller(account.Uuid, "acme", Role.Write, null)).Instances;
        await acme.CreateAsync(new CreateInstance { Name = "db", Image = "hello" }, Cancel);
        await acme.CreateAsync(new CreateInstance { Name = "web", Image = "hello" }, Cancel);
        var suspending = await HoldTurnAsync(node, "web");
        var depend = new PropertyChange.AddDependencies([ResourceRef.To("db")]);
        var waiting = node.Instances.ChangeAsync(Web, depend, Cancel);
        Assert.True((await acme.ChangeAsync(Web, depend, Cancel)).IsSuccess);
        Assert.False(waiting.IsCompleted);
        suspending.Release.SetResult();
        await suspending.Done;
        Assert.True((await waiting).IsSuccess);
    }

    // Its turn is taken by a suspension that goes on once it is released.
    private static async Task<(TaskCompletionSource Release, Task Done)> HoldTurnAsync(TestNode node, string name)
    {
        var machine = node.Machine;
        var release = machine.HoldPause = Hold();
        var done = node.Instances.SuspendAsync(ResourceRef.To(name), null, Cancel);
        await node.UntilAsync(() => node.Backend.State == Gateway.BackendState.FallingAsleep);
        return (release, done);
    }
}
