using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wisp.Api.Frozen;
using Wisp.Api.Http;
using Wisp.Api.Reading;
using Wisp.Contracts;
using Wisp.Contracts.Instances;
using Wisp.Platform;
using Wisp.Platform.Instances;
using InstanceTransition = Wisp.Contracts.Instances.InstanceTransition;

namespace Wisp.Api.Instances;

/// <summary>Create, read, delete and change of state (platform API, "Instances").</summary>
internal static class InstanceEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.Serve(CreateAsync, "createInstance");
        routes.Serve(context => InstanceLists.AnswerAsync(context, context.Rooms().Instances.List, context.Rooms().Instances.Find), "getInstances", "getInstanceByUuid");
        routes.Serve(context => EachAsync(context, Delete), "deleteInstances", "deleteInstanceByUuid");
        routes.Serve(context => PropertyChanges.AnswerAsync(context, PropertyChangeReader.ReadInstance, context.Rooms().Instances.ChangeAsync), "updateInstances", "updateInstanceByUuid");
        routes.Serve(context => EachAsync(context, Start), "startInstances", "startInstanceByUuid");
        routes.Serve(context => EachAsync(context, Stop), "stopInstances", "stopInstanceByUuid");
        routes.Serve(context => EachAsync(context, Suspend), "suspendInstances", "suspendInstanceByUuid");
    }

    private static async Task CreateAsync(HttpContext context)
    {
        var bodies = await RequestBody.ReadItemsAsync(context);
        if (bodies.Count == 0)
        {
            throw RequestFailure.Malformed("The request has no body.", "Send an object such as {\"image\": \"hello\", \"autostart\": true}.");
        }

        // All are read before the first is made: what is malformed costs nothing.
        var requests = bodies.Select(CreateInstanceReader.Read).ToArray();
        var items = new List<Instance>();
        foreach (var read in requests)
        {
            var result = read.Failed(out var error, out var request) ? error : await context.Rooms().Instances.CreateAsync(request, context.RequestAborted);
            if (result.Failed(out error, out var made))
            {
                items.Add(new Instance { Status = ResponseStatus.Error, Error = (int)error.Code, Message = Answers.Text(error), Name = request?.Name });
            }
            else
            {
                items.AddRange(made.Select(view => InstanceMapping.ToWire(view, ResponseStatus.Success)));
            }
        }

        await Answers.ItemsAsync(context, items, list => new InstancesData(list), WireJson.Default.EnvelopeInstancesData);
    }

    private static Act Delete(IInstanceService instances, Target target)
    {
        // What is asked for no wait waits all the same: clients take it for gone when the answer comes.
        TimeSpan? wait = target.Body?.Integer("timeout_s") is > 0 and var given ? TimeSpan.FromSeconds(Math.Min(given, 86_400)) : null;
        var options = new DeleteOptions(Retain: !(target.Body?.Boolean("dont_retain") ?? false), wait);
        return (reference, cancellation) => instances.DeleteAsync(reference, options, cancellation);
    }

    private static Act Start(IInstanceService instances, Target target)
    {
        var seconds = target.Body?.Integer("timeout_s");
        var milliseconds = target.Body?.Integer("wait_timeout_ms");
        TimeSpan? wait = (seconds, milliseconds) switch
        {
            ( < 0, _) => null,
            ({ } given, _) => TimeSpan.FromSeconds(Math.Min(given, 86_400)),
            (_, { } given) => TimeSpan.FromMilliseconds(Math.Clamp(given, 0, 86_400_000)),
            _ => TimeSpan.Zero,
        };
        // Wisp's own member.
        var cold = target.Body?.Boolean("cold") ?? false;
        return (reference, cancellation) => cold ? instances.StartColdAsync(reference, wait, cancellation) : instances.StartAsync(reference, wait, cancellation);
    }

    private static Act Stop(IInstanceService instances, Target target)
    {
        var force = target.Body?.Boolean("force") ?? false;
        var drain = target.Body?.Integer("drain_timeout_ms") ?? 0;
        target.Body?.Boolean("quick");
        var only = target.Body?.String("ifstate");
        var dump = target.Body?.Boolean("dump") ?? false;
        if (force && drain != 0)
        {
            throw RequestFailure.Of(new WispError(ErrorCode.NotBoth, "'force' and 'drain_timeout_ms' exclude each other.", "Drop one of the two."));
        }

        if (dump)
        {
            return Refuse(new WispError(ErrorCode.NotSupported, "'dump' is not supported.", "Leave it out."));
        }

        var state = only is null ? null : InstanceMapping.ParseState(only);
        return only is not null && state is null
            ? Refuse(new WispError(ErrorCode.InvalidValue, $"'{only}' is not a state of an instance."))
            : (reference, cancellation) => instances.StopAsync(reference, new StopOptions(force, Drain(drain), state), cancellation);
    }

    private static Act Suspend(IInstanceService instances, Target target)
    {
        var drain = target.Body?.Integer("drain_timeout_ms") ?? -1;
        return (reference, cancellation) => instances.SuspendAsync(reference, Drain(drain), cancellation);
    }

    private static Act Refuse(WispError error) => (_, _) => Task.FromResult<Result<Platform.Instances.InstanceTransition>>(error);

    private static TimeSpan? Drain(long milliseconds) => milliseconds < 0 ? null : TimeSpan.FromMilliseconds(Math.Min(milliseconds, 86_400_000));

    private static async Task EachAsync(HttpContext context, Func<IInstanceService, Target, Act> read)
    {
        var instances = context.Rooms().Instances;
        // All are read before the first is acted on: what is malformed costs nothing.
        var targets = (await Target.ReadAsync(context)).Select(target =>
        {
            var act = read(instances, target);
            target.Body?.End();
            return (target, act);
        }).ToArray();
        // Side by side: what is slow for one must not hold up the others.
        var items = await Task.WhenAll(targets.Select(async pair =>
        {
            var (target, act) = pair;
            var error = target.Wrong;
            if (target.Reference is { } reference && !(await act(reference, context.RequestAborted)).Failed(out error, out var done))
            {
                return new InstanceTransition
                {
                    Status = ResponseStatus.Success, Uuid = done.Uuid.ToString(), Name = done.Name,
                    State = InstanceMapping.Name(done.State), PreviousState = InstanceMapping.Name(done.PreviousState),
                };
            }

            return new InstanceTransition
            {
                Status = ResponseStatus.Error, Error = (int)error!.Code, Message = Answers.Text(error),
                Uuid = target.Reference?.Uuid?.ToString(), Name = target.Reference?.Name,
            };
        }));
        await Answers.ItemsAsync(context, items, list => new TransitionsData(list), WireJson.Default.EnvelopeTransitionsData);
    }

    /// <summary>What a request asks of one instance, read and not yet done.</summary>
    private delegate Task<Result<Platform.Instances.InstanceTransition>> Act(ResourceRef reference, CancellationToken cancellation);
}
