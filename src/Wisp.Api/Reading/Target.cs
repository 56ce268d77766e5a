using Microsoft.AspNetCore.Http;
using Wisp.Api.Http;
using Wisp.Platform;

namespace Wisp.Api.Reading;

/// <summary>One resource that a request names, and what the request says about it.</summary>
/// <param name="Reference">Which one; null when it is named wrongly.</param>
/// <param name="Wrong">How it is named wrongly.</param>
/// <param name="Body">The members that go with it, or null.</param>
/// <param name="Index">Position in the request, for positional query arrays.</param>
internal sealed record Target(ResourceRef? Reference, WispError? Wrong, JsonObjectReader? Body, int Index)
{
    /// <summary>The targets of a request: path, query and body, in that order.</summary>
    /// <param name="context">The request.</param>
    /// <param name="required">True refuses a request that names none.</param>
    public static async Task<IReadOnlyList<Target>> ReadAsync(HttpContext context, bool required = true)
    {
        var bodies = await RequestBody.ReadItemsAsync(context);
        if (context.Request.RouteValues["uuid"] is string inPath)
        {
            if (bodies.Count > 1)
            {
                throw RequestFailure.Malformed("A request for one resource takes one object.");
            }

            var (reference, wrong) = ParseUuid(inPath);
            var body = bodies.FirstOrDefault();
            // Some clients repeat in the body what the path says.
            if (body?.String("uuid") is { } repeated && ParseUuid(repeated).Item1 != reference)
            {
                throw RequestFailure.Malformed("The path and the body name different resources.", "Name it in the path only.");
            }

            return [new Target(reference, wrong, body, 0)];
        }

        var targets = new List<Target>();
        foreach (var text in Query.List(context, "uuid"))
        {
            var (reference, wrong) = ParseUuid(text);
            targets.Add(new Target(reference, wrong, null, targets.Count));
        }

        foreach (var name in Query.List(context, "name"))
        {
            targets.Add(new Target(ResourceRef.To(name), null, null, targets.Count));
        }

        foreach (var body in bodies)
        {
            var (reference, wrong) = Parse(body);
            targets.Add(new Target(reference, wrong, body, targets.Count));
        }

        return targets.Count > 0 || !required
            ? targets
            : throw RequestFailure.Of(new WispError(ErrorCode.IdentifierMissing, "The request names no resource.", "Give a 'uuid' or a 'name'."));
    }

    /// <summary>The target of a request whose path names it and whose body says something else.</summary>
    public static Target OfPath(HttpContext context)
    {
        var (reference, wrong) = ParseUuid((string)context.Request.RouteValues["uuid"]!);
        return new Target(reference, wrong, null, 0);
    }

    /// <summary>Reads a reference out of an object that may hold other members.</summary>
    public static (ResourceRef? Reference, WispError? Wrong) Parse(JsonObjectReader body)
    {
        var uuid = body.String("uuid");
        var name = body.String("name");
        return (uuid, name) switch
        {
            ({ }, { }) => (null, new WispError(ErrorCode.NotBoth, "Give 'uuid' or 'name', not both.")),
            ({ } text, null) => ParseUuid(text),
            (null, { } text) => (ResourceRef.To(text), null),
            _ => (null, new WispError(ErrorCode.IdentifierMissing, "Neither 'uuid' nor 'name' is given.")),
        };
    }

    private static (ResourceRef?, WispError?) ParseUuid(string text) => Guid.TryParse(text, out var uuid)
        ? (ResourceRef.To(uuid), null)
        : (null, new WispError(ErrorCode.InvalidValue, $"Invalid uuid '{text}'"));
}
