using System.Net;
using System.Text.Json.Nodes;
using Wisp.Bench.Measuring;
using Wisp.Bench.Node;

namespace Wisp.Bench.Suites.Services;

/// <summary>
/// Everything that an operator does to a service while it is used, again and again under a steady load: a sleep and a wake of another, a new
/// image rolled out, a renewed certificate, and a restart of wispd.
/// </summary>
internal sealed class Rounds : IMeasurement
{
    private const int MostRounds = 20;
    private const string Host = "rounds.localhost";
    private static readonly TimeSpan Cooldown = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SleepInterval = TimeSpan.FromMilliseconds(300);

    public string Title => $"{RoundLoad.Rate} requests a second while a service sleeps and wakes, is rolled out, its certificate renewed, and wispd restarted";

    public NodeSettings Settings => NodeSettings.Named;

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        var pair = CertificatePair.Make(Host);
        var plan = node.Plan(cooldown: null) with { Domain = new JsonObject { ["name"] = "rounds", ["certificate"] = new JsonObject { ["name"] = "rounds" } } };
        if ((await BuildNextAsync(node, cancellation)).Failed(out var error, out var next)
            || (await node.Api.UploadAsync(HttpMethod.Post, "rounds", Host, pair.Chain, pair.Key, cancellation)).Failed(out error)
            || (await node.Api.CreateAsync(plan, wait: true, cancellation)).Failed(out error, out var instance)
            || (await node.RunAsync(node.Plan(Cooldown), cancellation)).Failed(out error, out var sleeper))
        {
            return error;
        }

        var load = new RoundLoad(plan.Gateway, new IPEndPoint(IPAddress.Loopback, NodeSettings.Named.HttpsPort!.Value), Host);
        var wakes = new Samples();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var asking = Task.WhenAll(load.RunAsync(enough.Token, cancellation), WakeAsync(sleeper, wakes, enough.Token, cancellation));
        var from = TimeProvider.System.GetTimestamp();
        string[] images = [plan.Image, next];
        var rounds = node.Count(MostRounds);
        for (var round = 1; round <= rounds; round++)
        {
            var successor = plan with { Image = images[round % 2], Group = instance.ServiceGroup!.Uuid };
            pair = CertificatePair.Make(Host);
            if ((await node.Api.CreateAsync(successor, wait: true, cancellation)).Failed(out error, out var made)
                || (await node.Api.RetireAsync(instance.Uuid!, cancellation)).Failed(out error)
                || (await node.Api.UploadAsync(HttpMethod.Put, "rounds", Host, pair.Chain, pair.Key, cancellation)).Failed(out error)
                || (await node.ReplaceDaemonAsync(cancellation)).Failed(out error))
            {
                await enough.CancelAsync();
                await asking;
                return error;
            }

            instance = made;
        }

        // Until somebody was shown the last certificate; it is what everybody is shown from its upload on.
        await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        var took = TimeProvider.System.GetElapsedTime(from);
        await enough.CancelAsync();
        await asking;
        if (load.LastShown != pair.Thumbprint)
        {
            return new WispError(ErrorCode.OperationFailed, "Clients are not shown the certificate that was uploaded last.");
        }

        if ((await node.Api.DeleteAsync(instance.Uuid!, cancellation)).Failed(out error) || (await node.Api.DeleteAsync(sleeper.Uuid, cancellation)).Failed(out error))
        {
            return error;
        }

        foreach (var failure in load.Failures)
        {
            await node.SayAsync($"failed: {failure.Key} ({failure.Count()} times)");
        }

        return (Series[])
        [
            load.Answers.ToSeries("services.rounds.answer"), Series.Of("services.rounds.failed", Units.Count, load.Answers.Failed + wakes.Failed),
            Series.Of("services.rounds.rate", Units.RequestsPerSecond, load.Answers.Count / took.TotalSeconds), Series.Of("services.rounds.count", Units.Count, rounds),
            wakes.ToSeries("services.rounds.wake"),
        ];
    }

    // The next image: the same with another layer of settings.
    private static async Task<Result<string>> BuildNextAsync(BenchNode node, CancellationToken cancellation)
    {
        var directory = Path.Combine(node.ScratchDirectory, "next");
        Directory.CreateDirectory(directory);
        foreach (var file in Directory.EnumerateFiles(node.ImageDirectory))
        {
            File.Copy(file, Path.Combine(directory, Path.GetFileName(file)), overwrite: true);
        }

        await File.AppendAllTextAsync(Path.Combine(directory, "Dockerfile"), "\nENV NEXT=1\n", cancellation);
        return (await node.BuildAsync(directory, "next", cancellation)).Failed(out var error, out var image) ? error : image.Name;
    }

    private static async Task WakeAsync(BenchInstance sleeper, Samples wakes, CancellationToken enough, CancellationToken cancellation)
    {
        while (!enough.IsCancellationRequested)
        {
            await Task.Delay(SleepInterval, CancellationToken.None);
            if (await sleeper.TimeAsync(cancellation) is not { } answer)
            {
                wakes.Fail();
            }
            else if (answer.Timing is not null)
            {
                wakes.Add(answer.Time);
            }
        }
    }
}
