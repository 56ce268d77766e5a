using Wisp.Api.Frozen;
using Wisp.Api.Reading;
using Wisp.Platform;
using Wisp.Platform.Frozen;

namespace Wisp.Api.Instances;

/// <summary>Reads what a new instance begins from instead of an image.</summary>
internal static class OriginReader
{
    /// <summary>Reads a reference; null when it is not given.</summary>
    public static Result<ResourceRef?> Reference(JsonObjectReader body, string name)
    {
        if (body.Object(name) is not { } given)
        {
            return (ResourceRef?)null;
        }

        var (reference, wrong) = Target.Parse(given);
        given.End();
        return wrong is null ? reference : wrong;
    }

    /// <summary>Reads a template: one that there is, or what one is made of.</summary>
    public static Result<(ResourceRef? Existing, OnDemandTemplate? Wanted)> Template(JsonObjectReader? body)
    {
        if (body is null)
        {
            return ((ResourceRef?)null, (OnDemandTemplate?)null);
        }

        var prepare = body.Boolean("prepare");
        var timeout = body.Integer("prepare_timeout_s");
        var autokill = body.Object("autokill");
        if (body.Object("create_args") is not { } arguments)
        {
            if (prepare is not null || timeout is not null || autokill is not null)
            {
                return new WispError(
                    ErrorCode.InvalidValue, "'prepare', 'prepare_timeout_s' and 'autokill' of a template need 'create_args'.", "Say what it is made of, or leave them out.");
            }

            var (reference, wrong) = Target.Parse(body);
            body.End();
            return wrong is null ? (reference, (OnDemandTemplate?)null) : wrong;
        }

        if (body.Has("uuid") || body.Has("name"))
        {
            return new WispError(ErrorCode.NotBoth, "Give 'template' a uuid or name, or 'create_args', not both.");
        }

        body.End();
        return CreateInstanceReader.Read(arguments).Failed(out var error, out var request)
            ? error
            : ((ResourceRef?)null, new OnDemandTemplate(
                request, prepare ?? false,
                timeout is null or < 0 ? null : TimeSpan.FromSeconds(Math.Min(timeout.Value, 86_400)),
                PropertyChangeReader.Lifetime(autokill)));
    }

    /// <summary>Reads when an instance is deleted by itself.</summary>
    public static Result<TimeSpan?> Autokill(JsonObjectReader? body) =>
        body?.Integer("num_requests") is > 0
            ? new WispError(ErrorCode.NotSupported, "'num_requests' of 'autokill' is not supported.", "Use 'time_ms'.")
            : PropertyChangeReader.Lifetime(body);
}
