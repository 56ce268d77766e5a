using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wisp.Api.Http;
using Wisp.Api.Reading;
using Wisp.Contracts;
using Wisp.Contracts.Users;
using Wisp.Images;
using Wisp.Platform;
using Wisp.Platform.Accounts;

namespace Wisp.Api.Node;

/// <summary>The node's health and what it can hold (platform API, "Node health", "Quotas").</summary>
internal sealed class NodeEndpoints(ApiOptions options, WispPlatform platform, IImageStore images)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Serve(HealthAsync, "healthz");
        routes.Serve(QuotasAsync, "getUser", "getUserByUuid");
    }

    private async Task HealthAsync(HttpContext context)
    {
        string state;
        try
        {
            await images.ListAsync(context.RequestAborted);
            state = "healthy";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            state = "degraded";
        }

        await Answers.ObjectAsync(
            context,
            new HealthData(
                new Dictionary<string, string>(StringComparer.Ordinal) { ["images"] = state, ["systemd"] = "unknown" }, options.Versions, new License("wisp", true, ["*"])),
            WireJson.Default.EnvelopeHealthData);
    }

    private async Task QuotasAsync(HttpContext context)
    {
        var caller = context.Caller();
        var targets = await Target.ReadAsync(context, required: false);
        Quotas[] items = targets.Count == 0 ? [Show(caller)] : [.. targets.Select(target =>
        {
            target.Body?.End();
            var error = target.Wrong;
            return target.Reference is { } user && !Find(caller, user).Failed(out error, out var found)
                ? Show(found)
                : new Quotas { Status = ResponseStatus.Error, Error = (int)error!.Code, Message = Answers.Text(error), Uuid = target.Reference?.Uuid?.ToString() };
        })];
        await Answers.ItemsAsync(context, items, list => new QuotasData(list), WireJson.Default.EnvelopeQuotasData);
    }

    // Others' quotas are an administrator's affair.
    private Result<Caller> Find(Caller caller, ResourceRef user) =>
        caller.Account == user.Uuid ? caller
        : caller.Role < Role.Admin ? new WispError(ErrorCode.NotFound, $"No user with {user}", $"This token's is {caller.Account}.")
        : platform.Accounts.Find(user).Failed(out var error, out var account) ? error
        : new Caller(account.Uuid, account.Name, Role.Read, null);

    private Quotas Show(Caller user)
    {
        var now = platform.For(user).Usage.Read();
        return new Quotas
        {
            Status = ResponseStatus.Success,
            Uuid = user.Account.ToString(),
            Name = user.AccountName,
            Used = new QuotaFigures(now.Instances, now.LiveInstances, now.LiveVcpus, now.LiveMemoryMb, now.ServiceGroups, now.Services, 0, 0),
            Hard = new QuotaFigures(
                now.MostInstances, now.MostLiveInstances, now.MostLiveVcpus, now.MostLiveMemoryMb, now.MostServiceGroups, now.MostServices, 0, 0),
            Limits = new QuotaLimits(now.SmallestMemoryMb, now.LargestMemoryMb, 0, 0, 0, 0, 1, now.MostVcpus),
        };
    }
}
