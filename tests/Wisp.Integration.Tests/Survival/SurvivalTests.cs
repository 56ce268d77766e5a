using System.Globalization;
using System.Text.Json.Nodes;
using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests.Survival;

/// <summary>
/// Several clients change instances, service groups, checkpoints and templates, and wispd is killed again and again right after one of its
/// answers. What was answered is there, what was not is as before or as after, and nothing else has changed.
/// </summary>
[Trait("needs", "vm")]
public sealed class SurvivalTests
{
    private const int Clients = 4;

    // Fewer for a short look.
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("WISP_SURVIVAL_KILLS") ?? "200", CultureInfo.InvariantCulture);

    private static readonly int Seed = Environment.GetEnvironmentVariable("WISP_SURVIVAL_SEED") is { Length: > 0 } given
        ? int.Parse(given, CultureInfo.InvariantCulture)
        : Environment.TickCount;

    private readonly Dictionary<Resource, string> _rest = [];

    [Fact]
    public async Task What_was_answered_survives_two_hundred_kills_and_nothing_else_changes()
    {
        Say($"WISP_SURVIVAL_SEED={Seed}");
        var random = new Random(Seed);
        await using var wispd = new Wispd();
        await HollowImage.AddAsync(wispd);
        await wispd.StartAsync();
        var clients = Enumerable.Range(1, Clients).Select(number => new SurvivingClient(number, random.Next())).ToArray();
        var (answers, cutOff) = (0, 0);
        for (var kill = 1; kill <= Kills; kill++)
        {
            var counted = await RunUntilKilledAsync(wispd, clients, random);
            cutOff += clients.Count(client => client.Pending is not null);
            answers += counted;
            await wispd.StartAsync();
            await CheckAsync(wispd, clients, kill);
        }

        Say($"{Kills} kills, {answers} answers, {cutOff} requests cut off");
        Assert.True(cutOff > 0 && answers > Kills);
        await wispd.DisposeAsync();
        Assert.Equal(0, wispd.DownExitCode);
    }

    private static async Task<int> RunUntilKilledAsync(Wispd wispd, SurvivingClient[] clients, Random random)
    {
        var (wanted, counted) = (random.Next(1, 40), 0);
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = Task.WhenAll(clients.Select(client => client.RunAsync(wispd, () =>
        {
            if (Interlocked.Increment(ref counted) == wanted)
            {
                enough.TrySetResult();
            }
        })));
        await await Task.WhenAny(enough.Task, running);
        // Not always as one is answered: also while the next are being carried out.
        if (random.Next(2) == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * 8), TestContext.Current.CancellationToken);
        }

        await wispd.KillAsync();
        await running;
        return counted;
    }

    private async Task CheckAsync(Wispd wispd, SurvivingClient[] clients, int kill)
    {
        var found = await FindAllAsync(wispd);
        foreach (var client in clients)
        {
            var pending = client.Pending;
            Assert.True(
                client.Settle(found, (wanted, there) => wanted.All(pair => there.TryGetValue(pair.Key, out var item) && pair.Key.Kind.Set(item) == pair.Key.Kind.Set(pair.Value))
                    && (pending?.Steps.SelectMany(step => step.Keys) ?? []).All(resource => wanted.ContainsKey(resource) == there.ContainsKey(resource))),
                $"WISP_SURVIVAL_SEED={Seed}, kill {kill}: {Difference(client.State, found)}\nin flight: {pending?.Method} {pending?.Path} {pending?.Body}");
        }

        var wanted = clients.SelectMany(client => client.State.Keys).ToHashSet();
        Assert.True(wanted.SetEquals(found.Keys), $"WISP_SURVIVAL_SEED={Seed}, kill {kill}: there are others than were made: {string.Join(", ", found.Keys.Except(wanted))}");
        foreach (var (resource, item) in found)
        {
            var rest = resource.Kind.Rest(item);
            // One that is new, or made again under the same name, is known from now on.
            if (_rest.TryGetValue(resource, out var before) && before.Contains(item["uuid"]!.GetValue<string>(), StringComparison.Ordinal))
            {
                Assert.True(before == rest, $"WISP_SURVIVAL_SEED={Seed}, kill {kill}: {resource.Name} was\n{before}\nand is\n{rest}");
            }

            _rest[resource] = rest;
        }
    }

    // Groups that were made inside an instance come and go with it, and are part of what it shows.
    private static async Task<IReadOnlyDictionary<Resource, JsonObject>> FindAllAsync(Wispd wispd)
    {
        var found = new Dictionary<Resource, JsonObject>();
        foreach (var kind in ResourceKind.All)
        {
            foreach (var item in await wispd.ListAsync(kind.Path + "?details=true"))
            {
                if (item["persistent"]?.GetValue<bool>() != false)
                {
                    found.Add(new Resource(kind, item["name"]!.GetValue<string>()), item);
                }
                else
                {
                    Assert.NotEmpty(item["instances"]!.AsArray());
                }
            }
        }

        return found;
    }

    private static string Difference(IReadOnlyDictionary<Resource, JsonObject> wanted, IReadOnlyDictionary<Resource, JsonObject> found) => string.Join('\n', wanted
        .Where(pair => !found.TryGetValue(pair.Key, out var item) || pair.Key.Kind.Set(item) != pair.Key.Kind.Set(pair.Value))
        .Select(pair => $"{pair.Key.Kind.Path} {pair.Key.Name} should be\n{pair.Key.Kind.Set(pair.Value)}\nand is\n{(found.TryGetValue(pair.Key, out var item) ? pair.Key.Kind.Set(item) : "not there")}"));

    private static void Say(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}
