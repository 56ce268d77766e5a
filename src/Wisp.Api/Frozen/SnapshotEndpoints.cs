using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wisp.Api.Http;
using Wisp.Api.Instances;
using Wisp.Api.Reading;
using Wisp.Contracts;
using Wisp.Contracts.Snapshots;
using Wisp.Platform.Frozen;
using CopyMethod = Wisp.Snapshots.CopyMethod;

namespace Wisp.Api.Frozen;

/// <summary>
/// The files of frozen machines: what is there, what shares what, and the removal of what nothing needs. Wisp's own extension: the
/// platform API shows a snapshot only as a member of its instance.
/// </summary>
internal static class SnapshotEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.Serve(GetAsync, "getSnapshots", "getSnapshotByUuid");
        routes.Serve(CollectAsync, "collectSnapshots");
    }

    private static async Task GetAsync(HttpContext context)
    {
        var snapshots = context.Rooms().Snapshots;
        var targets = await Target.ReadAsync(context, required: false);
        var items = targets.Count == 0
            ? [.. snapshots.List().Select(view => Show(view, snapshots.CopiesBy))]
            : targets.Select(target =>
            {
                target.Body?.End();
                var error = target.Wrong ?? (target.Reference?.Uuid is null ? new WispError(ErrorCode.IdentifierMissing, "A snapshot has a uuid and no name.", "See them with 'wisp snapshots list'.") : null);
                return error is null && !snapshots.Find(target.Reference!.Value.Uuid!.Value).Failed(out error, out var view)
                    ? Show(view, snapshots.CopiesBy)
                    : Failed(error!, target.Reference?.Uuid, target.Reference?.Name);
            }).ToArray();
        await AnswerAsync(context, items);
    }

    private static async Task CollectAsync(HttpContext context)
    {
        foreach (var body in await RequestBody.ReadItemsAsync(context))
        {
            body.End();
        }

        var snapshots = context.Rooms().Snapshots;
        var before = snapshots.List().Where(view => view.Entry.Uuid is not null).ToDictionary(view => view.Entry.Uuid!.Value);
        if ((await snapshots.CollectAsync(context.RequestAborted)).Failed(out var error, out var removal))
        {
            await AnswerAsync(context, [Failed(error, null, null)]);
            return;
        }

        await AnswerAsync(context, [.. removal.Deleted.Select(uuid => before.TryGetValue(uuid, out var view)
            ? Show(view, snapshots.CopiesBy)
            : new Snapshot { Status = ResponseStatus.Success, Uuid = uuid.ToString() })]);
    }

    private static Task AnswerAsync(HttpContext context, IReadOnlyList<Snapshot> items) =>
        Answers.ItemsAsync(context, items, list => new SnapshotsData(list), WireJson.Default.EnvelopeSnapshotsData);

    private static Snapshot Failed(WispError error, Guid? uuid, string? name) =>
        new() { Status = ResponseStatus.Error, Error = (int)error.Code, Message = Answers.Text(error), Uuid = uuid?.ToString(), Name = name };

    private static Snapshot Show(SnapshotView view, CopyMethod copiesBy) => new()
    {
        Status = ResponseStatus.Success,
        Uuid = view.Entry.Uuid?.ToString(),
        // What is foreign has a name only.
        Name = view.Entry.Uuid is null ? view.Entry.Name : null,
        Kind = view.Entry.Manifest?.Kind.ToString().ToLowerInvariant(),
        CreatedAt = InstanceMapping.Time(view.Entry.Manifest?.CreatedAt),
        LastUsedAt = InstanceMapping.Time(view.Entry.LastUsedAt),
        Source = view.Entry.Manifest?.Source.Name,
        PauseUs = view.Entry.Manifest?.PauseUs,
        MemoryBytes = view.Entry.Manifest?.MemoryBytes,
        OwnBytes = view.Entry.OwnBytes,
        SharedBytes = view.Entry.SharedBytes,
        Layers = view.Entry.Manifest is { Layers: { Count: > 0 } layers } ? [.. layers.Select(layer => layer.ToString())] : null,
        Above = view.Above.Count > 0 ? [.. view.Above.Select(above => above.ToString())] : null,
        Users = view.Users.Count > 0 ? view.Users : null,
        Problem = view.Entry.Problem is { } problem ? Answers.Text(problem) : null,
        CopiesBy = copiesBy.ToString().ToLowerInvariant(),
    };
}
