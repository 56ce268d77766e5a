using Microsoft.AspNetCore.Http;
using Wisp.Api.Http;
using Wisp.Api.Reading;
using Wisp.Contracts;
using Wisp.Contracts.Instances;
using Wisp.Platform;
using Wisp.Platform.Instances;

namespace Wisp.Api.Instances;

/// <summary>Answers what is asked of instances, templates and checkpoints alike: all of them, or some by name.</summary>
internal static class InstanceLists
{
    /// <summary>Answers a GET.</summary>
    /// <param name="context">The request.</param>
    /// <param name="list">All there are, oldest first.</param>
    /// <param name="find">One.</param>
    public static async Task AnswerAsync(HttpContext context, Func<IReadOnlyList<InstanceView>> list, Func<ResourceRef, Result<InstanceView>> find)
    {
        var targets = await Target.ReadAsync(context, required: false);
        var query = ListQuery.Read(context);
        var items = targets.Count == 0
            ? [.. query.Apply(list(), view => view.Uuid, view => view.CreatedAt, view => view.Tags).Select(view => Show(view, query.Details))]
            : targets.Select(target => Find(target, find, query.Details)).ToArray();
        await Answers.ItemsAsync(context, items, found => new InstancesData(found), WireJson.Default.EnvelopeInstancesData);
    }

    private static Instance Find(Target target, Func<ResourceRef, Result<InstanceView>> find, bool details)
    {
        details = target.Body?.Boolean("details") ?? details;
        target.Body?.End();
        var error = target.Wrong;
        if (target.Reference is { } reference && !find(reference).Failed(out error, out var view))
        {
            return Show(view, details);
        }

        return new Instance
        {
            Status = ResponseStatus.Error, Error = (int)error!.Code, Message = Answers.Text(error),
            Uuid = target.Reference?.Uuid?.ToString(), Name = target.Reference?.Name,
        };
    }

    private static Instance Show(InstanceView view, bool details) => details
        ? InstanceMapping.ToWire(view, ResponseStatus.Success)
        : new Instance { Status = ResponseStatus.Success, Uuid = view.Uuid.ToString(), Name = view.Name };
}
