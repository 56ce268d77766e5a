using System.Globalization;
using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests.Snapshots;

/// <summary>One instance goes to sleep and is woken again and again while it is asked.</summary>
[Trait("needs", "vm")]
public sealed class EnduranceTests
{
    private const int Cycles = 200;

    // Every so many cycles it sinks all the way; in the others it is woken while paused, given back, or half frozen.
    private const int Deep = 4;

    [Fact]
    public async Task Two_hundred_sleeps_under_load_lose_no_request_and_take_no_more_room()
    {
        await using var wispd = new Wispd { Options = ["--reclaim-after", "30ms", "--hibernate-after", "120ms"] };
        await Support.Node.BuildAsync(wispd, "hello");
        await wispd.StartAsync();
        var port = Ports.Free();
        var uuid = (await wispd.RunAsync("tireless", "hello", port, cooldown: 20))["uuid"]!.GetValue<string>();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(60) };
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var answers = new HashSet<int>();
        var frozen = new List<long>();
        var earlyMemory = 0L;
        for (var cycle = 1; cycle <= Cycles; cycle++)
        {
            if (cycle % Deep == 0)
            {
                var asleep = await wispd.WaitForDepthAsync("tireless", "hibernated");
                frozen.Add((await wispd.ItemAsync(HttpMethod.Get, $"/v1/snapshots/{asleep["snapshot"]!["uuid"]}"))["own_bytes"]!.GetValue<long>());
            }
            else
            {
                // Anywhere in what deepens its sleep.
                await Task.Delay(random.Next(300), TestContext.Current.CancellationToken);
            }

            var counts = await Task.WhenAll(Enumerable.Range(0, 1 + random.Next(4)).Select(_ => client.GetStringAsync("/count", TestContext.Current.CancellationToken)));
            Assert.All(counts, count => Assert.True(answers.Add(int.Parse(count, CultureInfo.InvariantCulture)), $"{count} was given twice (cycle {cycle})"));
            if (cycle == Cycles / 5)
            {
                earlyMemory = MemoryOf(wispd, uuid);
            }
        }

        // No request was lost, none was counted twice, and no state was gone back to.
        Assert.Equal(answers.Count, answers.Max());
        Assert.Equal(1, answers.Min());
        var memory = MemoryOf(wispd, uuid);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{answers.Count} requests; frozen {string.Join(' ', frozen.Select(bytes => bytes >> 20))} MiB, memory {earlyMemory >> 20} -> {memory >> 20} MiB");
        // The boot snapshot of its image, its own, and at most the last one, which is just being deleted; nothing in its directory that it does not sleep in.
        await wispd.WaitForDepthAsync("tireless", "hibernated");
        Assert.InRange(Directory.GetDirectories(wispd.Data.Snapshots).Length, 2, 3);
        await NothingIsReclaimedAsync(Path.Combine(wispd.Data.Instances, uuid));
        // Once it has written all that it ever writes, what is frozen of it stays as large as it is.
        Assert.InRange(frozen[^1], 0, frozen[frozen.Count / 5] + (16 << 20));
        Assert.InRange(memory, 0, earlyMemory + (64 << 20));
        await wispd.DisposeAsync();
        Assert.Equal(0, wispd.DownExitCode);
    }

    // Right after a request, so that there is a machine.
    // It goes with the machine, which ends a moment after the instance is said to sleep without one.
    private static async Task NothingIsReclaimedAsync(string directory)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(TimeSpan.FromSeconds(30));
        while (Directory.GetFiles(directory, "reclaimed*").Length > 0)
        {
            late.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static long MemoryOf(Wispd wispd, string uuid) => wispd.FindVmm(uuid) is { } vmm && File.Exists($"/proc/{vmm}/statm")
        ? long.Parse(File.ReadAllText($"/proc/{vmm}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize
        : 0;
}
