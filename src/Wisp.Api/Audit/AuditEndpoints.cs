using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wisp.Api.Http;
using Wisp.Api.Instances;
using Wisp.Contracts;
using Wisp.Contracts.Audit;
using Wisp.Platform.Audit;

namespace Wisp.Api.Audit;

/// <summary>The audit stream (platform API, "Audit stream"): server-sent events, from now on or from the event that a client heard last.</summary>
internal sealed class AuditEndpoints(TokenAuthentication authentication, TimeProvider time)
{
    /// <summary>Where it is.</summary>
    public const string Path = OperationRoutes.Prefix + "/audit";

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(30);

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet(Path, AnswerAsync).WithMetadata(new Access(Role.Read));

    private async Task AnswerAsync(HttpContext context)
    {
        var filter = AuditFilter.Read(context);
        var trail = context.Rooms().Audit;
        var position = Position(context, trail);
        if (trail.Follow().Failed(out var error, out var place))
        {
            throw WispApi.TooMany(context, Heartbeat, error);
        }

        using (place)
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            await WriteAsync(context, ": the events of this account\n\n");
            // A token that is revoked or expires hears no more.
            while (authentication.Check(context.Request.Headers.Authorization).IsSuccess)
            {
                var next = trail.Next;
                var page = trail.After(position);
                position = page.Position;
                var text = Write(page, filter);
                if (text.Length > 0)
                {
                    await WriteAsync(context, text);
                }

                try
                {
                    await next.WaitAsync(Heartbeat, time, context.RequestAborted);
                }
                catch (TimeoutException)
                {
                    await WriteAsync(context, ": heartbeat\n\n");
                }
            }
        }
    }

    private static long Position(HttpContext context, IAuditTrail trail) => context.Request.Headers["Last-Event-ID"].ToString() switch
    {
        "" => trail.After(null).Position,
        var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) => id,
        var text => throw RequestFailure.Invalid($"'Last-Event-ID' must be the id of an event, not '{text}'."),
    };

    private string Write(AuditPage page, AuditFilter filter)
    {
        var text = new StringBuilder();
        var gap = new AuditEvent { Account = Guid.Empty, Id = 0, Kind = AuditKind.Gap, Time = time.GetUtcNow(), Message = "Older events are kept no more." };
        if (page.IsGap && filter.Wants(gap))
        {
            Append(text, gap);
        }

        foreach (var happened in page.Events.Where(filter.Wants))
        {
            text.Append(CultureInfo.InvariantCulture, $"id: {happened.Id}\n");
            Append(text, happened);
        }

        return text.ToString();
    }

    // JSON has no line breaks of its own, which would end the field.
    private static void Append(StringBuilder text, AuditEvent happened)
    {
        var name = AuditFilter.NameOf(happened.Kind);
        var entry = new AuditEntry(
            name, InstanceMapping.Time(happened.Time), happened.Uuid?.ToString(), happened.Name,
            happened.State is { } state ? InstanceMapping.Name(state) : null, happened.PreviousState is { } previous ? InstanceMapping.Name(previous) : null,
            happened.Tags.Count > 0 ? happened.Tags : null, happened.Message, happened.Token, happened.By);
        text.Append("event: ").Append(name).Append("\ndata: ").Append(JsonSerializer.Serialize(entry, WireJson.Default.AuditEntry)).Append("\n\n");
    }

    private static async Task WriteAsync(HttpContext context, string text)
    {
        await context.Response.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
