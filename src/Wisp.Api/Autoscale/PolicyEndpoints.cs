using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wisp.Api.Http;
using Wisp.Api.Reading;
using Wisp.Contracts;
using Wisp.Contracts.Autoscale;
using Wisp.Platform;
using Wisp.Platform.Autoscale;

namespace Wisp.Api.Autoscale;

/// <summary>The policies of one service group (platform API, "Autoscale").</summary>
internal static class PolicyEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.Serve(AddAsync, "createAutoscaleConfigurationPolicy");
        routes.Serve(GetAsync, "getAutoscaleConfigurationPolicies", "getAutoscaleConfigurationPolicyByName");
        routes.Serve(RemoveAsync, "deleteAutoscaleConfigurationPolicies", "deleteAutoscaleConfigurationPolicyByName");
    }

    private static async Task AddAsync(HttpContext context)
    {
        var bodies = await RequestBody.ReadItemsAsync(context);
        if (bodies.Count == 0)
        {
            throw RequestFailure.Malformed("The request has no body.", "Send an object with 'name' and 'type'.");
        }

        var group = Target.OfPath(context);
        var policies = bodies.Select(body => (Name: body.Peek("name"), Read: AutoscaleReader.ReadPolicy(body))).ToArray();
        var items = new List<AutoscalePolicyItem>();
        foreach (var (name, read) in policies)
        {
            var error = group.Wrong;
            items.Add(group.Reference is { } reference && !read.Failed(out error, out var policy)
                && !(await context.Rooms().Autoscale.AddPolicyAsync(reference, policy, context.RequestAborted)).Failed(out error, out var view)
                ? new AutoscalePolicyItem { Status = ResponseStatus.Success, Uuid = view.Uuid.ToString(), Name = policy.Name }
                : Failed(error!, name));
        }

        await AnswerAsync(context, items);
    }

    private static async Task GetAsync(HttpContext context)
    {
        var names = await NamesAsync(context);
        var group = Target.OfPath(context);
        var error = group.Wrong;
        if (group.Reference is not { } reference || context.Rooms().Autoscale.Find(reference).Failed(out error, out var view))
        {
            await AnswerAsync(context, [.. names.DefaultIfEmpty().Select(name => Failed(error!, name))]);
            return;
        }

        // Without a name all of them; a group that does not scale says so once for each name, or once.
        var wanted = names.Count > 0 ? names : view.Settings?.Policies.Select(policy => policy.Name).ToArray() ?? [""];
        await AnswerAsync(context, [.. wanted.Select(name => context.Rooms().Autoscale.FindPolicy(reference, name).Failed(out error, out var policy)
            ? Failed(error, name.Length > 0 ? name : null)
            : new AutoscalePolicyItem { Status = ResponseStatus.Success, Name = policy.Name, Policy = AutoscaleMapping.Show(policy) })]);
    }

    private static async Task RemoveAsync(HttpContext context)
    {
        var names = await NamesAsync(context);
        var group = Target.OfPath(context);
        var items = new List<AutoscalePolicyItem>();
        foreach (var name in names.Count > 0 ? names : [""])
        {
            var error = group.Wrong;
            items.Add(group.Reference is { } reference && !(await RemoveAsync(context, reference, name)).Failed(out error, out _)
                ? new AutoscalePolicyItem { Status = ResponseStatus.Success, Name = name }
                : Failed(error!, name.Length > 0 ? name : null));
        }

        await AnswerAsync(context, items);
    }

    private static async Task<Result<AutoscaleView>> RemoveAsync(HttpContext context, ResourceRef group, string name) =>
        name.Length == 0 && context.Rooms().Autoscale.Find(group) is { IsSuccess: true, Value.Settings: not null }
            ? new WispError(ErrorCode.IdentifierMissing, "The request names no policy.", "Give a 'name'.")
            : await context.Rooms().Autoscale.RemovePolicyAsync(group, name, context.RequestAborted);

    // In the path, in the query, in the body, or all of them.
    private static async Task<IReadOnlyList<string>> NamesAsync(HttpContext context)
    {
        var names = context.Request.RouteValues["name"] is string inPath ? [inPath] : Query.List(context, "name").ToList();
        foreach (var body in await RequestBody.ReadItemsAsync(context))
        {
            if (body.String("name") is { } name && !names.Contains(name))
            {
                names.Add(name);
            }

            body.End();
        }

        return names;
    }

    private static AutoscalePolicyItem Failed(WispError error, string? name) =>
        new() { Status = ResponseStatus.Error, Error = (int)error.Code, Message = Answers.Text(error), Name = name };

    private static Task AnswerAsync(HttpContext context, IReadOnlyList<AutoscalePolicyItem> items) =>
        Answers.ItemsAsync(context, items, list => new PoliciesData(list), WireJson.Default.EnvelopePoliciesData);
}
