using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wisp.Api.Http;
using Wisp.Api.Reading;
using Wisp.Contracts;
using Wisp.Contracts.Instances;
using Wisp.Platform.Instances;
using InstanceTransition = Wisp.Contracts.Instances.InstanceTransition;

namespace Wisp.Api.Instances;

/// <summary>Wait and log (platform API, "Instance operations").</summary>
internal static class ObservationEndpoints
{
    private const int DefaultLogBytes = 4096;
    private const int MaxLogBytes = 1024 * 1024;
    // Thirty days; timers do not reach beyond 49.
    private const long MaxWaitSeconds = 2_592_000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.Serve(WaitAsync, "waitInstances", "waitInstanceByUuid");
        routes.Serve(LogAsync, "getInstanceLogs", "getInstanceLogsByUuid");
    }

    private static async Task WaitAsync(HttpContext context)
    {
        var targets = await Target.ReadAsync(context);
        var states = Query.List(context, "state");
        var seconds = Query.Integers(context, "timeout_s");
        var milliseconds = Query.Integers(context, "timeout_ms");
        // All are read before the first wait begins.
        var waits = targets.Select(target =>
        {
            var state = target.Body?.String("state") ?? (states.Count == 0 ? "running" : states[Math.Min(target.Index, states.Count - 1)]);
            var inSeconds = target.Body?.Integer("timeout_s") ?? Query.At(seconds, target.Index);
            var inMilliseconds = target.Body?.Integer("timeout_ms") ?? Query.At(milliseconds, target.Index);
            target.Body?.End();
            TimeSpan? timeout = (inSeconds, inMilliseconds) switch
            {
                ( < 0, _) => null,
                ({ } given, _) => TimeSpan.FromSeconds(Math.Min(given, MaxWaitSeconds)),
                (_, { } given) when given >= 0 => TimeSpan.FromMilliseconds(Math.Min(given, MaxWaitSeconds * 1000)),
                _ => null,
            };
            return (target, state, timeout);
        }).ToArray();
        var items = await Task.WhenAll(waits.Select(wait => WaitForAsync(context, wait.target, wait.state, wait.timeout)));
        await Answers.ItemsAsync(context, items, list => new TransitionsData(list), WireJson.Default.EnvelopeTransitionsData);
    }

    private static async Task<InstanceTransition> WaitForAsync(HttpContext context, Target target, string stateName, TimeSpan? timeout)
    {
        var error = target.Wrong;
        InstanceView? view = null;
        if (target.Reference is { } reference && !context.Rooms().Instances.Find(reference).Failed(out error, out view))
        {
            var wanted = InstanceMapping.ParseState(stateName);
            var waited = wanted is { } state
                ? await context.Rooms().Instances.WaitAsync(reference, state, timeout, context.RequestAborted)
                : new WispError(ErrorCode.InvalidValue, $"'{stateName}' is not a state of an instance.");
            if (!waited.Failed(out error, out var reached))
            {
                return new InstanceTransition { Status = ResponseStatus.Success, Uuid = reached.Uuid.ToString(), Name = reached.Name, State = stateName };
            }

            view = context.Rooms().Instances.Find(reference) is { IsSuccess: true } now ? now.Value : view;
        }

        return new InstanceTransition
        {
            Status = ResponseStatus.Error, Error = (int)error!.Code, Message = Answers.Text(error),
            Uuid = view?.Uuid.ToString() ?? target.Reference?.Uuid?.ToString(), Name = view?.Name ?? target.Reference?.Name,
            State = view is null ? null : InstanceMapping.Name(view.State),
        };
    }

    private static async Task LogAsync(HttpContext context)
    {
        var targets = await Target.ReadAsync(context);
        var offsets = Query.Integers(context, "offset");
        var limits = Query.Integers(context, "limit");
        var items = targets.Select(target =>
        {
            var offset = target.Body?.Integer("offset") ?? Query.At(offsets, target.Index) ?? 0;
            var limit = target.Body?.Integer("limit") ?? Query.At(limits, target.Index) ?? DefaultLogBytes;
            target.Body?.End();
            return Read(context, target, offset, (int)Math.Clamp(limit, 0, MaxLogBytes));
        }).ToArray();
        await Answers.ItemsAsync(context, items, list => new LogsData(list), WireJson.Default.EnvelopeLogsData);
    }

    private static InstanceLog Read(HttpContext context, Target target, long offset, int limit)
    {
        var error = target.Wrong;
        if (target.Reference is { } reference
            && !context.Rooms().Instances.Find(reference).Failed(out error, out var view)
            && !context.Rooms().Instances.ReadLog(reference, offset, limit).Failed(out error, out var slice))
        {
            return new InstanceLog
            {
                Status = ResponseStatus.Success,
                Uuid = view.Uuid.ToString(),
                Name = view.Name,
                Output = Convert.ToBase64String(slice.Bytes.Span),
                Available = new LogRange(slice.Available.Start, slice.Available.End),
                Range = new LogRange(slice.Range.Start, slice.Range.End),
                State = InstanceMapping.Name(view.State),
            };
        }

        return new InstanceLog
        {
            Status = ResponseStatus.Error, Error = (int)error!.Code, Message = Answers.Text(error),
            Uuid = target.Reference?.Uuid?.ToString(), Name = target.Reference?.Name,
        };
    }
}
