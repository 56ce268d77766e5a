using Microsoft.AspNetCore.Http;
using Wisp.Api.Http;
using Wisp.Api.Reading;
using Wisp.Platform.Audit;

namespace Wisp.Api.Audit;

/// <summary>Which events somebody wants to hear of.</summary>
internal sealed record AuditFilter(bool ByAdministrator, IReadOnlyList<string> Events, IReadOnlyList<Guid> Uuids, IReadOnlyList<string> Tags)
{
    private static readonly string[] Known = [.. Enum.GetValues<AuditKind>().Select(NameOf)];

    /// <summary>What an event is called.</summary>
    public static string NameOf(AuditKind kind) => kind switch
    {
        AuditKind.StateChange => "vm.state_change",
        AuditKind.StartFailed => "vm.start_failed",
        AuditKind.Created => "vm.create",
        AuditKind.Annotated => "vm.annotate",
        AuditKind.UserCreated => "user.create",
        AuditKind.UserLimited => "user.limit",
        AuditKind.UserDeleted => "user.delete",
        AuditKind.TokenCreated => "token.create",
        AuditKind.TokenRevoked => "token.revoke",
        _ => "gap",
    };

    public static AuditFilter Read(HttpContext context)
    {
        var events = Query.List(context, "events");
        if (events.FirstOrDefault(name => !Known.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            throw RequestFailure.Invalid($"'{unknown}' is not an event.", $"Use {string.Join(", ", Known)}.");
        }

        return new AuditFilter(
            context.Caller().Role == Role.Admin,
            events,
            [.. Query.List(context, "uuid").Select(text => Guid.TryParse(text, out var uuid) ? uuid : throw RequestFailure.Invalid($"Invalid uuid '{text}'"))],
            Query.List(context, "tags"));
    }

    /// <summary>True for an event that is wanted. A gap concerns everybody who wants gaps: what is missing may have been about anything.</summary>
    public bool Wants(AuditEvent happened) =>
        (ByAdministrator || !happened.IsOfAnother)
        && (Events.Count == 0 || Events.Contains(NameOf(happened.Kind), StringComparer.Ordinal))
        && (happened.Kind == AuditKind.Gap
            || (Uuids.Count == 0 || happened.Uuid is { } uuid && Uuids.Contains(uuid)) && Tags.All(tag => happened.Tags.Contains(tag, StringComparer.Ordinal)));
}
