using System.Globalization;
using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests.Snapshots;

/// <summary>
/// Walks through what freezes and wakes instances: in each round wispd or the VMM is killed right after another step of it, and a
/// little later each time. A step is a file that comes or goes, or a write to the store.
/// </summary>
[Trait("needs", "vm")]
public sealed class KillWalkTests(WalkNode node) : IClassFixture<WalkNode>
{
    // More for a long walk.
    private static readonly int Rounds = int.Parse(Environment.GetEnvironmentVariable("WISP_WALK_ROUNDS") ?? "3", CultureInfo.InvariantCulture);

    private readonly Wispd _wispd = node.Wispd;
    private int _port;

    [Theory]
    [InlineData("suspend", true), InlineData("suspend", false)]
    [InlineData("reclaim", true), InlineData("reclaim", false)]
    [InlineData("hibernate", true), InlineData("hibernate", false)]
    [InlineData("wake", true), InlineData("wake", false)]
    [InlineData("checkpoint", true), InlineData("checkpoint", false)]
    [InlineData("template", true), InlineData("template", false)]
    // Its machine has no name yet by which it could be killed.
    [InlineData("clone", true)]
    public async Task Whatever_dies_at_whatever_step_each_instance_is_as_before_or_as_after(string name, bool killsWispd)
    {
        var operation = WalkedOperation.All[name];
        var seed = Environment.TickCount;
        Say($"seed {seed}");
        var random = new Random(seed);
        await node.RestartAsync(operation.Options);
        // A case that failed before may have left something.
        await node.ClearAsync();
        var steps = await CountStepsAsync(operation);
        for (var round = 0; round < Rounds; round++)
        {
            // Spread over all of them, and past the last.
            var step = 1 + (int)((round + random.NextDouble()) * (steps + 1) / Rounds);
            await WalkAsync(operation, step, random.Next(4), killsWispd);
        }

        await node.ClearAsync();
    }

    private async Task<int> CountStepsAsync(WalkedOperation operation)
    {
        await BeginAsync(operation);
        using var steps = new Footsteps(_wispd, int.MaxValue);
        await operation.Run(node, _port);
        var seen = steps.Seen;
        Say(string.Join(' ', seen));
        await node.ClearAsync();
        return seen.Count;
    }

    private async Task WalkAsync(WalkedOperation operation, int step, int milliseconds, bool killsWispd)
    {
        var counted = await BeginAsync(operation);
        var uuid = (await _wispd.InstanceAsync("walked"))["uuid"]!.GetValue<string>();
        using var steps = new Footsteps(_wispd, step);
        var running = operation.Run(node, _port);
        await Task.WhenAny(steps.Reached, running);
        await Task.Delay(milliseconds, TestContext.Current.CancellationToken);
        var last = steps.Seen.LastOrDefault();
        var victim = killsWispd ? _wispd.Pid : _wispd.FindVmm(uuid);
        if (killsWispd)
        {
            await node.RestartAsync(operation.Options);
        }
        else if (victim is { } vmm)
        {
            WalkNode.Kill(vmm);
            await node.UntilMissedAsync(uuid, vmm);
        }

        var failure = await Record.ExceptionAsync(() => running.WaitAsync(TimeSpan.FromSeconds(90)));
        Say($"step {step} + {milliseconds} ms, {(killsWispd ? "wispd" : "VMM")} {victim}: {last}; {failure?.Message.Split('\n')[0] ?? "it went on"}");
        Assert.IsNotType<TimeoutException>(failure);
        // What a request added before its answer was lost is not known.
        var added = operation.IsAsleep ? 1 : 0;
        await CheckAsync(uuid, counted, added, mayHaveStopped: !killsWispd);
        await node.AssertTidyAsync();
        await node.ClearAsync();
    }

    private async Task<int> BeginAsync(WalkedOperation operation)
    {
        _port = Ports.Free();
        await _wispd.RunAsync("walked", "hello", _port, cooldown: 86_400_000);
        await node.CountAsync(_port);
        var counted = await node.CountAsync(_port);
        if (operation.IsAsleep)
        {
            await _wispd.ItemAsync(HttpMethod.Put, "/v1/instances/suspend", """[{"name":"walked"}]""");
            await _wispd.WaitForDepthAsync("walked", "hibernated");
        }

        await operation.Prepare(node);

        return counted;
    }

    // It is there once, as an instance or as a template, with what it had in memory; or it stopped, where its machine was killed.
    private Task CheckAsync(string uuid, int counted, int added, bool mayHaveStopped) =>
        CheckAsync(uuid, counted, added, mayHaveStopped, until: Environment.TickCount64 + 30_000);

    private async Task CheckAsync(string uuid, int counted, int added, bool mayHaveStopped, long until)
    {
        var instance = await node.SettledAsync("walked");
        var templates = await _wispd.ListAsync("/v1/instances/templates");
        Assert.Single(templates.Append(instance), item => item?["uuid"]!.GetValue<string>() == uuid);
        if (instance is null)
        {
            await CheckCloneAsync($$"""{"template":{"uuid":"{{uuid}}"},"name":"again" """, counted, added: 0);
        }
        else if (mayHaveStopped && instance["state"]!.GetValue<string>() == "stopped")
        {
            await _wispd.ItemAsync(HttpMethod.Put, "/v1/instances/start", """[{"name":"walked"}]""");
            await _wispd.WaitAsync("walked", "running");
            Assert.Equal(1, await node.CountAsync(_port));
        }
        else
        {
            Assert.Contains(instance["state"]!.GetValue<string>(), (string[])["running", "standby"]);
            try
            {
                Assert.InRange(await node.CountAsync(_port), counted + 1, counted + 1 + added);
            }
            catch (HttpRequestException) when (mayHaveStopped && Environment.TickCount64 < until)
            {
                // The death of its machine was not heard of yet when it was looked at.
                await CheckAsync(uuid, counted, added, mayHaveStopped, until);
                return;
            }
        }

        if ((await _wispd.ListAsync("/v1/instances/checkpoints")).SingleOrDefault() is { } checkpoint)
        {
            await CheckCloneAsync($$"""{"checkpoint":{"uuid":"{{checkpoint["uuid"]}}"},"name":"again" """, counted, added: 0);
        }

        // One that was being made is whole, or nowhere.
        if (await node.SettledAsync("copy") is { } copy)
        {
            Assert.Contains(copy["state"]!.GetValue<string>(), (string[])["running", "standby", "stopped"]);
        }
    }

    private async Task CheckCloneAsync(string begun, int counted, int added)
    {
        var port = Ports.Free();
        var made = await _wispd.ItemAsync(HttpMethod.Post, "/v1/instances", $$"""
            {{begun}},"autostart":true,"timeout_s":60,"scale_to_zero":{"policy":"off"},
             "service_group":{"services":[{"ip":"127.0.0.1","port":{{port}},"destination_port":8080,"handlers":["http"]}]} }
            """);
        Assert.Null(made["error"]);
        Assert.InRange(await node.CountAsync(port), counted + 1, counted + 1 + added);
    }

    private static void Say(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}
