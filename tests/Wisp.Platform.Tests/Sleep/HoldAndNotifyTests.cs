using Wisp.Machines;
using Wisp.Platform.Instances;
using Wisp.Platform.Services;
using Wisp.Testing;
using static Wisp.Platform.Tests.Sleep.Sleeping;

namespace Wisp.Platform.Tests.Sleep;

/// <summary>What the guest has to say about its sleep, and hears of it.</summary>
public sealed class HoldAndNotifyTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private static readonly CreateInstance Notified = TestNode.Published() with
    {
        ScaleToZero = new ScaleToZero(ScaleToZeroPolicy.On, true, TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(200)),
    };

    [Fact]
    public async Task One_that_is_held_does_not_sleep_until_it_is_released()
    {
        await using var node = await RunningAsync();
        await HoldAsync(node, 2);
        await LongAsync(node, TimeSpan.FromMinutes(1));
        Assert.Equal(InstanceState.Running, node.Find("web").State);
        await HoldAsync(node, 1);
        await LongAsync(node, TimeSpan.FromMinutes(1));
        Assert.Equal(InstanceState.Running, node.Find("web").State);
        node.Machine.Happen(new MachineEvent.SleepHoldsChanged(0));
        await node.AdvanceUntilAsync("web", InstanceState.Standby, Step);
    }

    [Fact]
    public async Task One_whose_readiness_nobody_sees_stays_awake_for_a_while_after_its_start()
    {
        var service = new ServicePort(8053, 53, ServiceHandler.None, "127.0.0.1", Udp: true);
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published() with { NewServiceGroup = new CreateServiceGroup { Services = [service] } }, Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        var from = node.Time.GetUtcNow();
        await node.AdvanceUntilAsync("web", InstanceState.Standby, Step);
        // The cooldown is one second.
        Assert.InRange(node.Time.GetUtcNow() - from, TimeSpan.FromSeconds(10), TimeSpan.MaxValue);
    }

    [Fact]
    public async Task One_that_is_held_and_suspended_by_hand_is_not_frozen()
    {
        await using var node = await RunningAsync();
        await HoldAsync(node, 1);
        Assert.True((await node.Instances.SuspendAsync(Web, null, Cancel)).IsSuccess);
        await UntilDepthAsync(node, SleepDepth.Reclaimed);
        await LongAsync(node, TimeSpan.FromMinutes(40));
        Assert.Equal(SleepDepth.Reclaimed, node.Find("web").Depth);
    }

    [Fact]
    public async Task The_guest_hears_of_its_sleep_before_it()
    {
        await using var node = await RunningAsync(Notified);
        await node.AdvanceUntilAsync(() => !node.Machine.Told.IsEmpty, Step);
        Assert.Equal(InstanceState.Running, node.Find("web").State);
        Assert.Equal(new GuestNews.SleepComing(TimeSpan.FromMilliseconds(200)), Assert.Single(node.Machine.Told));
        await node.AdvanceUntilAsync("web", InstanceState.Standby, Step);
    }

    [Fact]
    public async Task A_request_after_the_notice_keeps_it_awake_and_it_is_told_again()
    {
        await using var node = await RunningAsync(Notified);
        await node.AdvanceUntilAsync(() => !node.Machine.Told.IsEmpty, Step);
        Assert.True((await node.RequestAsync()).IsSuccess);
        await node.AdvanceUntilAsync("web", InstanceState.Standby, Step);
        Assert.Equal(2, node.Machine.Told.Count);
    }

    // They are heard one after the other: when the second has been taken, the first counts.
    private static async Task HoldAsync(TestNode node, ulong holds)
    {
        node.Machine.Happen(new MachineEvent.SleepHoldsChanged(holds));
        node.Machine.Happen(new MachineEvent.SleepHoldsChanged(holds));
        await node.UntilAsync(() => node.Machine.Events.Count == 0);
    }
}
