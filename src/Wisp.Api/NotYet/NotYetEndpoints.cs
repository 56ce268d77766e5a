using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wisp.Api.Http;
using Wisp.Api.Reading;
using Wisp.Contracts;
using Wisp.Contracts.Operations;
using Wisp.Platform;

namespace Wisp.Api.NotYet;

/// <summary>
/// Operations that the catalogue says are not carried out yet. A request is checked as any other, so that a client finds its own
/// mistakes, and each of its items answers that it is not supported.
/// </summary>
internal sealed class NotYetEndpoints
{
    // What there is none of can be looked for: clients ask before they make, and before they delete.
    private static readonly Dictionary<string, string> Absent = new(StringComparer.Ordinal)
    {
        ["getVolumes"] = "volume", ["getVolumeByUuid"] = "volume",
        ["getTemplateVolumes"] = "volume template", ["getTemplateVolumeByUuid"] = "volume template",
    };

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var operation in OperationCatalogue.All.Where(operation => operation.Support == SupportLevel.NotYet))
        {
            routes.Serve(
                Absent.TryGetValue(operation.Id, out var kind) ? context => FindNoneAsync(context, operation, kind)
                : operation.Key is null ? context => RefuseAsync(context, operation)
                : context => RefuseItemsAsync(context, operation),
                operation.Id);
        }
    }

    private static async Task FindNoneAsync(HttpContext context, Operation operation, string kind)
    {
        var targets = await Target.ReadAsync(context, required: false);
        ListQuery.Read(context);
        await AnswerAsync(context, operation, [.. targets.Select(target =>
        {
            target.Body?.Boolean("details");
            target.Body?.End();
            return Refuse(target.Wrong ?? new WispError(ErrorCode.NotFound, $"No {kind} with {target.Reference}"), target.Reference, null);
        })]);
    }

    private static async Task RefuseItemsAsync(HttpContext context, Operation operation)
    {
        var error = NotSupported(operation);
        if (operation.Body is { } shape && !shape.Members.Any(member => member.Name is "uuid"))
        {
            var uuid = context.Request.RouteValues["uuid"] as string;
            var bodies = await BodiesAsync(context, operation, shape);
            if (uuid is not null && !Guid.TryParse(uuid, out _))
            {
                error = new WispError(ErrorCode.InvalidValue, $"Invalid uuid '{uuid}'");
            }

            ResourceRef? named = Guid.TryParse(uuid, out var parsed) ? ResourceRef.To(parsed) : null;
            await AnswerAsync(context, operation, [.. bodies.Select(body =>
            {
                var id = body.Name;
                return Refuse(error, named ?? (id is null ? null : ResourceRef.To(id)), body.Id);
            })]);
            return;
        }

        var targets = await Target.ReadAsync(context, required: operation.Bulk);
        var items = targets.Select(target =>
        {
            var id = target.Body is { } body ? Check(body, operation.Body).Id : null;
            return Refuse(target.Wrong ?? error, target.Reference, id);
        }).ToArray();
        await AnswerAsync(context, operation, items.Length > 0 ? items : [Refuse(error, null, null)]);
    }

    private static async Task RefuseAsync(HttpContext context, Operation operation)
    {
        await BodiesAsync(context, operation, operation.Body!);
        throw RequestFailure.Of(NotSupported(operation));
    }

    private static async Task<IReadOnlyList<(string? Id, string? Name)>> BodiesAsync(HttpContext context, Operation operation, Shape shape)
    {
        var bodies = await RequestBody.ReadItemsAsync(context);
        // A path that names one resource takes what some clients repeat in the body, and often needs no more.
        var repeats = context.Request.RouteValues.ContainsKey("uuid");
        if (bodies.Count == 0 && ((operation.Method == "POST" && !repeats) || shape.Members.Any(member => member.Required)))
        {
            throw RequestFailure.Malformed("The request has no body.", $"Send an object of the kind {shape.Name}.");
        }

        var read = bodies.Select(body =>
        {
            if (repeats)
            {
                body.String("uuid");
            }

            return Check(body, shape);
        }).ToArray();
        return read.Length > 0 ? read : [(null, null)];
    }

    // What the answer echoes is looked at before the check takes it.
    private static (string? Id, string? Name) Check(JsonObjectReader body, Shape? shape)
    {
        var echoed = (body.Peek("id"), body.Peek("name"));
        if (shape is null)
        {
            body.End();
        }
        else
        {
            ShapeReader.Check(body, shape);
        }

        return echoed;
    }

    private static WispError NotSupported(Operation operation) => new(ErrorCode.NotSupported, $"'{operation.Id}' is not supported.", operation.Note);

    private static Refused Refuse(WispError error, ResourceRef? reference, string? id) => new()
    {
        Status = ResponseStatus.Error, Error = (int)error.Code, Message = Answers.Text(error),
        Uuid = reference?.Uuid?.ToString(), Name = reference?.Name, Id = id,
    };

    private static Task AnswerAsync(HttpContext context, Operation operation, IReadOnlyList<Refused> items) => Answers.ItemsAsync(
        context, items,
        list => (IReadOnlyDictionary<string, IReadOnlyList<Refused>>)new Dictionary<string, IReadOnlyList<Refused>>(StringComparer.Ordinal) { [operation.Key!] = list },
        WireJson.Default.EnvelopeIReadOnlyDictionaryStringIReadOnlyListRefused);
}
