using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wisp.Api.Http;
using Wisp.Api.Reading;
using Wisp.Contracts;
using Wisp.Contracts.Autoscale;
using Wisp.Platform;
using Wisp.Platform.Services;

namespace Wisp.Api.Autoscale;

/// <summary>What can be said of autoscale while no group has it: which groups there are, and that nothing is configured.</summary>
internal static class AutoscaleEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.Serve(GetAsync, "getAutoscaleConfigurations", "getAutoscaleConfigurationsByServiceGroupUuid");
        routes.Serve(DeleteAsync, "deleteAutoscaleConfigurations", "deleteAutoscaleConfigurationsByServiceGroupUuid");
        routes.Serve(
            PoliciesAsync,
            "getAutoscaleConfigurationPolicies", "getAutoscaleConfigurationPolicyByName", "deleteAutoscaleConfigurationPolicies", "deleteAutoscaleConfigurationPolicyByName");
    }

    private static async Task GetAsync(HttpContext context)
    {
        var targets = await Target.ReadAsync(context, required: false);
        AutoscaleConfiguration[] items = targets.Count == 0
            ? [.. context.Rooms().Services.List().Select(Show)]
            : [.. targets.Select(target => Find(context, target).Failed(out var error, out var group) ? Failed(error, target.Reference) : Show(group))];
        await AnswerAsync(context, items);
    }

    private static async Task DeleteAsync(HttpContext context) => await AnswerAsync(
        context, [.. (await Target.ReadAsync(context)).Select(target => Failed(Find(context, target).Failed(out var error, out var group) ? error : NotConfigured(group), target.Reference))]);

    // By name in the path, in the query, in the body, or all of them: no group has any.
    private static async Task PoliciesAsync(HttpContext context)
    {
        var names = context.Request.RouteValues["name"] is string inPath ? [inPath] : Query.List(context, "name").ToList();
        foreach (var body in await RequestBody.ReadItemsAsync(context))
        {
            if (body.String("name") is { } name)
            {
                names.Add(name);
            }

            body.End();
        }

        var target = Target.OfPath(context);
        var error = Find(context, target).Failed(out var failed, out var group) ? failed : NotConfigured(group);
        var items = (names.Count > 0 ? names : [null!]).Select(name => new AutoscalePolicyItem
        {
            Status = ResponseStatus.Error, Error = (int)error.Code, Message = Answers.Text(error), Name = name,
        }).ToArray();
        await Answers.ItemsAsync(context, items, list => new PoliciesData(list), WireJson.Default.EnvelopePoliciesData);
    }

    private static Result<ServiceGroupView> Find(HttpContext context, Target target)
    {
        target.Body?.End();
        return target.Wrong is { } wrong ? wrong : context.Rooms().Services.Find(target.Reference!.Value);
    }

    private static WispError NotConfigured(ServiceGroupView group) =>
        new(ErrorCode.AutoscaleNotConfigured, $"Autoscale is not configured for service group '{group.Name}'.");

    private static AutoscaleConfiguration Show(ServiceGroupView group) => new() { Status = "unconfigured", Uuid = group.Uuid.ToString(), Name = group.Name, Enabled = false };

    private static AutoscaleConfiguration Failed(WispError error, ResourceRef? reference) => new()
    {
        Status = ResponseStatus.Error, Error = (int)error.Code, Message = Answers.Text(error), Uuid = reference?.Uuid?.ToString(), Name = reference?.Name,
    };

    private static Task AnswerAsync(HttpContext context, IReadOnlyList<AutoscaleConfiguration> items) =>
        Answers.ItemsAsync(context, items, list => new AutoscaleData(list), WireJson.Default.EnvelopeAutoscaleData);
}
