using Microsoft.AspNetCore.Http;
using Wisp.Api.Http;
using Wisp.Api.Reading;
using Wisp.Contracts;
using Wisp.Platform;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;

namespace Wisp.Api.Frozen;

/// <summary>PATCH of instances, templates and checkpoints (platform API, "Mutable properties").</summary>
internal static class PropertyChanges
{
    /// <summary>Changes one.</summary>
    public delegate Task<Result<InstanceView>> Change(ResourceRef reference, PropertyChange change, CancellationToken cancellation);

    /// <summary>Answers a PATCH.</summary>
    /// <param name="context">The request.</param>
    /// <param name="readChange">Reads a change.</param>
    /// <param name="act">Makes it.</param>
    public static async Task AnswerAsync(HttpContext context, Func<JsonObjectReader, Result<PropertyChange>> readChange, Change act)
    {
        // All are read before the first is acted on: what is malformed costs nothing.
        var changes = (await Target.ReadAsync(context)).Select(target =>
        {
            var body = target.Body ?? throw RequestFailure.Malformed("The request says no change.", "Send an object with 'prop', 'op' and 'value'.");
            var id = body.String("id");
            var change = readChange(body);
            body.End();
            return (target, id, change);
        }).ToArray();
        var items = new List<ResourceChange>();
        // In order: several may be about one resource.
        foreach (var (target, id, read) in changes)
        {
            var error = target.Wrong;
            if (target.Reference is { } reference && !read.Failed(out error, out var change)
                && !(await act(reference, change, context.RequestAborted)).Failed(out error, out var view))
            {
                items.Add(new ResourceChange { Status = ResponseStatus.Success, Uuid = view.Uuid.ToString(), Name = view.Name, Id = id });
                continue;
            }

            items.Add(new ResourceChange
            {
                Status = ResponseStatus.Error, Error = (int)error!.Code, Message = Answers.Text(error),
                Uuid = target.Reference?.Uuid?.ToString(), Name = target.Reference?.Name, Id = id,
            });
        }

        await Answers.ItemsAsync(context, items, list => new ChangesData(list), WireJson.Default.EnvelopeChangesData);
    }
}
