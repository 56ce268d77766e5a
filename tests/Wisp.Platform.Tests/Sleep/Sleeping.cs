using Wisp.Platform.Instances;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Sleep;

/// <summary>Brings instances to where these tests begin.</summary>
internal static class Sleeping
{
    public static readonly ResourceRef Web = ResourceRef.To("web");
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>An instance that has just fallen asleep; its boot snapshot is made.</summary>
    public static async Task<TestNode> PausedAsync(CreateInstance? request = null, Func<PlatformOptions, PlatformOptions>? configure = null)
    {
        var node = await RunningAsync(request, configure);
        await node.AdvanceUntilAsync("web", InstanceState.Standby, Step);
        return node;
    }

    public static async Task<TestNode> RunningAsync(CreateInstance? request = null, Func<PlatformOptions, PlatformOptions>? configure = null)
    {
        var node = await TestNode.StartAsync(Cancel, configure);
        await node.Instances.CreateAsync(request ?? TestNode.Published(), Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        await node.UntilAsync(() => node.Machine.Memory.Kept == 1);
        return node;
    }

    /// <summary>An instance in deep standby.</summary>
    public static async Task<TestNode> HibernatedAsync(CreateInstance? request = null)
    {
        var node = await PausedAsync(request);
        await DeepAsync(node);
        return node;
    }

    /// <summary>Lets what sleeps sleep deeply.</summary>
    public static Task DeepAsync(TestNode node) => UntilDepthAsync(node, SleepDepth.Hibernated);

    public static Task UntilDepthAsync(TestNode node, SleepDepth depth) =>
        node.AdvanceUntilAsync(() => node.Find("web").Depth == depth, TimeSpan.FromSeconds(5));

    /// <summary>Moves the clock far enough for whatever is going to happen.</summary>
    public static async Task LongAsync(TestNode node, TimeSpan time)
    {
        for (var end = node.Time.GetUtcNow() + time; node.Time.GetUtcNow() < end; node.Time.Advance(TimeSpan.FromSeconds(1)))
        {
            await Task.Yield();
        }
    }

    public static TaskCompletionSource Hold() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The snapshots that hold an instance's sleep.</summary>
    public static IReadOnlyList<Guid> FrozenOf(TestNode node) =>
        [.. node.Snapshots.List().Where(entry => entry.Manifest?.Kind == Snapshots.SnapshotKind.Hibernation).Select(entry => entry.Uuid!.Value)];

    public static string[] FilesOf(TestNode node, string pattern) =>
        Directory.Exists(node.DirectoryOf("web")) ? Directory.GetFiles(node.DirectoryOf("web"), pattern) : [];
}
