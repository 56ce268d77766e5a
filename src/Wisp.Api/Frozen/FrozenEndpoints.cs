using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wisp.Api.Http;
using Wisp.Api.Instances;
using Wisp.Api.Reading;
using Wisp.Contracts;
using Wisp.Contracts.Instances;
using Wisp.Platform;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using InstanceTransition = Wisp.Contracts.Instances.InstanceTransition;

namespace Wisp.Api.Frozen;

/// <summary>Templates and checkpoints (platform API, "Snapshots, templates, checkpoints").</summary>
internal static class FrozenEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.Serve(context => MakeAsync(context, Target.Parse, ReadTemplate), "createTemplateInstances");
        routes.Serve(context => MakeAsync(context, From, ReadCheckpoint), "createCheckpointInstances");
        foreach (var kind in (ReadOnlySpan<FrozenKind>)[FrozenKind.Template, FrozenKind.Checkpoint])
        {
            routes.Serve(context => InstanceLists.AnswerAsync(context, () => context.Rooms().Frozen.List(kind), reference => context.Rooms().Frozen.Find(kind, reference)), $"get{kind}Instances", $"get{kind}InstanceByUuid");
            routes.Serve(context => DeleteAsync(context, kind), $"delete{kind}Instances", $"delete{kind}InstanceByUuid");
            routes.Serve(context => ChangeAsync(context, kind), $"update{kind}Instances", $"update{kind}InstanceByUuid");
        }

        routes.Serve(context => HistoryAsync(context, context.Rooms().Frozen.HistoryOfInstance), "getInstanceHistory", "getInstanceHistoryByUuid");
        routes.Serve(context => HistoryAsync(context, context.Rooms().Frozen.HistoryOfCheckpoint), "getCheckpointHistory", "getCheckpointHistoryByUuid");
    }

    private static Make ReadTemplate(JsonObjectReader body)
    {
        var wait = Wait(body);
        var autokill = PropertyChangeReader.Lifetime(body.Object("autokill"));
        return (frozen, reference, cancellation) => frozen.ConvertAsync(new ConvertToTemplate(reference, wait, autokill), cancellation);
    }

    private static Make ReadCheckpoint(JsonObjectReader body)
    {
        var name = body.String("name");
        var wait = Wait(body);
        var tags = body.Strings("tags");
        var autokill = PropertyChangeReader.Lifetime(body.Object("autokill"));
        return (frozen, reference, cancellation) => frozen.CheckpointAsync(
            new CreateCheckpoint { From = reference, Name = name, Wait = wait, Tags = tags, Autokill = autokill }, cancellation);
    }

    private static (ResourceRef?, WispError?) From(JsonObjectReader body)
    {
        if (body.Object("from") is not { } from)
        {
            return (null, new WispError(ErrorCode.IdentifierMissing, "The request names no instance.", "Give 'from' a 'uuid' or a 'name'."));
        }

        var parsed = Target.Parse(from);
        from.End();
        return parsed;
    }

    private static TimeSpan? Wait(JsonObjectReader body) => body.Integer("timeout_s") switch
    {
        < 0 => null,
        { } given => TimeSpan.FromSeconds(Math.Min(given, 86_400)),
        _ => TimeSpan.Zero,
    };

    private static async Task MakeAsync(HttpContext context, Func<JsonObjectReader, (ResourceRef?, WispError?)> source, Func<JsonObjectReader, Make> read)
    {
        var bodies = await RequestBody.ReadItemsAsync(context);
        if (bodies.Count == 0)
        {
            throw RequestFailure.Malformed("The request has no body.", "Send an object that names an instance.");
        }

        // All are read before the first is acted on: what is malformed costs nothing.
        var wanted = bodies.Select(body =>
        {
            var (reference, wrong) = source(body);
            var make = read(body);
            body.End();
            return (reference, wrong, make);
        }).ToArray();
        var items = await Task.WhenAll(wanted.Select(async item =>
        {
            var error = item.wrong;
            return item.reference is { } reference && !(await item.make(context.Rooms().Frozen, reference, context.RequestAborted)).Failed(out error, out var view)
                ? Said(view) with { State = InstanceMapping.Name(view.State) }
                : Failed(error!, item.reference);
        }));
        await AnswerAsync(context, items);
    }

    private static Task ChangeAsync(HttpContext context, FrozenKind kind) =>
        PropertyChanges.AnswerAsync(context, PropertyChangeReader.ReadFrozen, (reference, change, cancellation) => context.Rooms().Frozen.ChangeAsync(kind, reference, change, cancellation));

    private static async Task DeleteAsync(HttpContext context, FrozenKind kind)
    {
        var targets = await Target.ReadAsync(context);
        foreach (var target in targets)
        {
            // What instances take here is taken here, too: clients send the same.
            target.Body?.Integer("timeout_s");
            target.Body?.End();
        }

        var items = new List<InstanceTransition>();
        foreach (var target in targets)
        {
            var error = target.Wrong;
            items.Add(target.Reference is { } reference && !(await context.Rooms().Frozen.DeleteAsync(kind, reference, context.RequestAborted)).Failed(out error, out var view)
                ? Said(view)
                : Failed(error!, target.Reference));
        }

        await AnswerAsync(context, items);
    }

    private static async Task HistoryAsync(HttpContext context, Func<ResourceRef, Result<Lineage>> find)
    {
        var items = (await Target.ReadAsync(context)).Select(target =>
        {
            target.Body?.End();
            var error = target.Wrong;
            return target.Reference is { } reference && !find(reference).Failed(out error, out var lineage)
                ? new InstanceHistory
                {
                    Status = ResponseStatus.Success,
                    Uuid = lineage.Uuid.ToString(),
                    Name = lineage.Name,
                    History = [.. lineage.Ancestors.Select(ancestor => new HistoryEntry(ancestor.Uuid.ToString(), ancestor.Name, InstanceMapping.Time(ancestor.CreatedAt)!))],
                }
                : new InstanceHistory
                {
                    Status = ResponseStatus.Error, Error = (int)error!.Code, Message = Answers.Text(error),
                    Uuid = target.Reference?.Uuid?.ToString(), Name = target.Reference?.Name,
                };
        }).ToArray();
        await Answers.ItemsAsync(context, items, list => new HistoriesData(list), WireJson.Default.EnvelopeHistoriesData);
    }

    private static Task AnswerAsync(HttpContext context, IReadOnlyList<InstanceTransition> items) =>
        Answers.ItemsAsync(context, items, list => new TransitionsData(list), WireJson.Default.EnvelopeTransitionsData);

    private static InstanceTransition Said(InstanceView view) => new() { Status = ResponseStatus.Success, Uuid = view.Uuid.ToString(), Name = view.Name };

    private static InstanceTransition Failed(WispError error, ResourceRef? reference) => new()
    {
        Status = ResponseStatus.Error, Error = (int)error.Code, Message = Answers.Text(error),
        Uuid = reference?.Uuid?.ToString(), Name = reference?.Name,
    };

    /// <summary>What a request asks of one instance, read and not yet done.</summary>
    private delegate Task<Result<InstanceView>> Make(IFrozenInstanceService frozen, ResourceRef reference, CancellationToken cancellation);
}
