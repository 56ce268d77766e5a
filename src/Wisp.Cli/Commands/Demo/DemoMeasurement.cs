using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Wisp.Bench.Measuring;
using Wisp.Cli.Connections;
using Wisp.Cli.Parsing;
using Wisp.Cli.Progress;

namespace Wisp.Cli.Commands.Demo;

/// <summary>Asks the demo's instance awake and asleep, and takes the time.</summary>
internal sealed class DemoMeasurement(ApiClient client, Steps steps, RunningDemo hello, CancellationToken cancellation)
{
    private const int Wakes = 30;
    private const int SleepPatienceMs = 60_000;

    // A machine may be woken between being seen asleep and being asked; that happens to nobody thirty times.
    private const int Attempts = 2 * Wakes;

    private readonly IPEndPoint _server = IPEndPoint.Parse(new Uri(hello.Url).Authority);

    public async Task<Result<DemoFigures>> RunAsync()
    {
        if ((await steps.RunAsync($"Asking {hello.Url}", _ => AskAsync(), answer => $"First answer after {Words(answer.Milliseconds)}")).Failed(out var error, out var first)
            || (await steps.RunAsync(
                "Waiting for it to fall asleep by itself, which it does after a second without requests",
                _ => WaitAsleepAsync(), _ => "It fell asleep by itself")).Failed(out error, out bool _)
            || (await steps.RunAsync(
                $"Waking it {Wakes} times", MeasureAsync,
                wakes => $"Woken {wakes.Count} times by a request; in between it was put to sleep by 'suspend' instead of waiting out the second")).Failed(out error, out var times))
        {
            return error;
        }

        return new DemoFigures(Math.Round(first.Milliseconds, 2), [.. times.Order()]);
    }

    private async Task<Result<IReadOnlyList<double>>> MeasureAsync(Action<string> report)
    {
        var times = new List<double>();
        for (var attempt = 0; times.Count < Wakes; attempt++)
        {
            if (attempt == Attempts)
            {
                return new WispError(ErrorCode.OperationFailed, $"Only {times.Count} of {attempt} requests found '{hello.Name}' asleep.", "See who else asks it: wisp instances get " + hello.Name);
            }

            if ((await WaitAsleepAsync()).Failed(out var error, out bool _)
                || (await AskAsync()).Failed(out error, out var answer)
                || (await SuspendAsync()).Failed(out error, out bool _))
            {
                return error;
            }

            if (answer.Woke)
            {
                times.Add(answer.Milliseconds);
                report(string.Create(CultureInfo.InvariantCulture, $"{times.Count}/{Wakes}: {answer.Milliseconds:0.0} ms"));
            }
        }

        return times;
    }

    private async Task<Result<(double Milliseconds, bool Woke)>> AskAsync()
    {
        var from = TimeProvider.System.GetTimestamp();
        return (await HttpProbe.GetOnceAsync(_server, cancellation)).Failed(out var error, out var answer)
            ? error with { NextStep = $"Look at 'wisp instances logs {hello.Name}'." }
            : (TimeProvider.System.GetElapsedTime(from, answer.FirstByteAt).TotalMilliseconds, answer.Timing is not null);
    }

    private Task<Result<bool>> SuspendAsync() => ChangeAsync(HttpMethod.Put, "/suspend", ("drain_timeout_ms", -1L));

    private Task<Result<bool>> WaitAsleepAsync() => ChangeAsync(HttpMethod.Get, "/wait", ("state", "standby"), ("timeout_ms", SleepPatienceMs));

    private async Task<Result<bool>> ChangeAsync(HttpMethod method, string verb, params IReadOnlyList<(string, JsonNode?)> members) =>
        (await client.AskAsync(WireLists.Transitions, method, Resources.Instances.Path + verb, Reference.ToJson([hello.Uuid], members), cancellation)).Failed(out var error, out var answer)
            || answer.Only().Failed(out error, out _)
            ? error
            : true;

    private static string Words(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.0} ms");
}
