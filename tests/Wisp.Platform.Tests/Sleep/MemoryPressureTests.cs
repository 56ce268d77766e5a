using Wisp.Platform.Instances;
using Wisp.Platform.Services;
using Wisp.Testing;
using static Wisp.Platform.Tests.Sleep.Sleeping;

namespace Wisp.Platform.Tests.Sleep;

public sealed class MemoryPressureTests
{
    [Fact]
    public async Task When_memory_is_short_the_longest_sleeping_go_first_and_no_more_than_needed()
    {
        await using var node = await PausedAsync();
        foreach (var (name, port) in ((string, int)[])[("second", 8081), ("third", 8082)])
        {
            await node.Instances.CreateAsync(Another(name, port), Cancel);
            await node.AdvanceUntilAsync(name, InstanceState.Standby, TimeSpan.FromMilliseconds(50));
        }

        var looked = 0;
        node.AvailableMemory = () =>
        {
            Interlocked.Increment(ref looked);
            // Two of them are enough.
            return FrozenOf(node).Count >= 2 ? 1000 : 999;
        };
        await node.AdvanceUntilAsync(() => Volatile.Read(ref looked) > 0, TimeSpan.FromMilliseconds(500));
        // From here on the clock stands still.
        await node.UntilAsync(() => node.Find("second").Depth == SleepDepth.Hibernated && Volatile.Read(ref looked) == 3);
        Assert.Equal((SleepDepth.Hibernated, SleepDepth.Paused), (node.Find("web").Depth, node.Find("third").Depth));
    }

    [Fact]
    public async Task What_cannot_be_frozen_is_not_tried_again_and_again()
    {
        await using var node = await PausedAsync();
        node.Machine.RefuseCapture = new WispError(ErrorCode.OperationFailed, "No room.");
        node.AvailableMemory = () => 0;
        await node.AdvanceUntilAsync(() => node.Machine.Refused > 0, TimeSpan.FromSeconds(1));
        await LongAsync(node, TimeSpan.FromMinutes(10));
        // Once for this, and once to give its memory back.
        Assert.InRange(node.Machine.Refused, 1, 2);
        node.Machine.RefuseCapture = null;
        await DeepAsync(node);
    }

    [Fact]
    public async Task What_is_awake_is_left_alone()
    {
        await using var node = await RunningAsync(TestNode.Published() with { ScaleToZero = null });
        node.AvailableMemory = () => 0;
        await LongAsync(node, TimeSpan.FromMinutes(1));
        Assert.Equal(InstanceState.Running, node.Find("web").State);
        Assert.Empty(FrozenOf(node));
    }

    private static CreateInstance Another(string name, int port) => TestNode.Published() with
    {
        Name = name,
        NewServiceGroup = new CreateServiceGroup { Services = [new(port, 80, ServiceHandler.Http, "127.0.0.1")] },
    };
}
