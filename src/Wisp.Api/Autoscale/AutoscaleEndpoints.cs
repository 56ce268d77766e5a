using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wisp.Api.Http;
using Wisp.Api.Reading;
using Wisp.Contracts;
using Wisp.Contracts.Autoscale;
using Wisp.Platform;

namespace Wisp.Api.Autoscale;

/// <summary>How service groups scale (platform API, "Autoscale").</summary>
internal static class AutoscaleEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.Serve(context => ConfigureAsync(context, change: false), "createAutoscaleConfigurations", "createAutoscaleConfigurationByServiceGroupUuid");
        routes.Serve(context => ConfigureAsync(context, change: true), "changeAutoscaleConfigurations");
        routes.Serve(GetAsync, "getAutoscaleConfigurations", "getAutoscaleConfigurationsByServiceGroupUuid");
        routes.Serve(DeleteAsync, "deleteAutoscaleConfigurations", "deleteAutoscaleConfigurationsByServiceGroupUuid");
    }

    private static async Task ConfigureAsync(HttpContext context, bool change)
    {
        // All are read before the first is acted on: what is malformed costs nothing.
        var requests = (await Target.ReadAsync(context)).Select(target =>
        {
            var body = target.Body ?? throw RequestFailure.Malformed("The request has no body.", "Send an object with 'min_size', 'max_size' and 'create_args'.");
            return (target, Read: AutoscaleReader.Read(body));
        }).ToArray();
        var items = new List<AutoscaleConfiguration>();
        foreach (var (target, read) in requests)
        {
            var error = target.Wrong;
            items.Add(target.Reference is { } reference && !read.Failed(out error, out var request)
                && !(await context.Rooms().Autoscale.ConfigureAsync(reference, request, change, context.RequestAborted)).Failed(out error, out var view)
                ? AutoscaleMapping.Show(view)
                : Failed(error!, target.Reference));
        }

        await AnswerAsync(context, items);
    }

    private static async Task GetAsync(HttpContext context)
    {
        var targets = await Target.ReadAsync(context, required: false);
        AutoscaleConfiguration[] items = targets.Count == 0
            ? [.. context.Rooms().Autoscale.List().Select(AutoscaleMapping.Show)]
            : [.. targets.Select(target =>
            {
                target.Body?.End();
                var error = target.Wrong;
                return target.Reference is { } reference && !context.Rooms().Autoscale.Find(reference).Failed(out error, out var view)
                    ? AutoscaleMapping.Show(view)
                    : Failed(error!, target.Reference);
            })];
        await AnswerAsync(context, items);
    }

    private static async Task DeleteAsync(HttpContext context)
    {
        var targets = await Target.ReadAsync(context);
        foreach (var target in targets)
        {
            target.Body?.End();
        }

        var items = new List<AutoscaleConfiguration>();
        foreach (var target in targets)
        {
            var error = target.Wrong;
            items.Add(target.Reference is { } reference && !(await context.Rooms().Autoscale.RemoveAsync(reference, context.RequestAborted)).Failed(out error, out var view)
                ? new AutoscaleConfiguration { Status = ResponseStatus.Success, Uuid = view.Uuid.ToString(), Name = view.Name }
                : Failed(error!, target.Reference));
        }

        await AnswerAsync(context, items);
    }

    private static AutoscaleConfiguration Failed(WispError error, ResourceRef? reference) => new()
    {
        Status = ResponseStatus.Error, Error = (int)error.Code, Message = Answers.Text(error), Uuid = reference?.Uuid?.ToString(), Name = reference?.Name,
    };

    private static Task AnswerAsync(HttpContext context, IReadOnlyList<AutoscaleConfiguration> items) =>
        Answers.ItemsAsync(context, items, list => new AutoscaleData(list), WireJson.Default.EnvelopeAutoscaleData);
}
