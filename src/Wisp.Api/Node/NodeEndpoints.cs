using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wisp.Api.Http;
using Wisp.Api.Reading;
using Wisp.Contracts;
using Wisp.Contracts.Users;
using Wisp.Images;
using Wisp.Platform.Usage;

namespace Wisp.Api.Node;

/// <summary>The node's health and what it can hold (platform API, "Node health", "Quotas").</summary>
internal sealed class NodeEndpoints(ApiOptions options, TokenAuthentication authentication, INodeUsage usage, IImageStore images)
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
        var user = StableUuid.Of("user", Organization.Of(authentication.Token()));
        Quotas[] items;
        if (context.Request.RouteValues.ContainsKey("uuid"))
        {
            var target = (await Target.ReadAsync(context)).Single();
            target.Body?.End();
            var error = target.Wrong ?? (target.Reference?.Uuid == user ? null : new WispError(ErrorCode.NotFound, $"No user with {target.Reference}", $"This server has one, {user}."));
            items = [error is null ? Show(user) : new Quotas { Status = ResponseStatus.Error, Error = (int)error.Code, Message = Answers.Text(error), Uuid = target.Reference?.Uuid?.ToString() }];
        }
        else
        {
            items = [Show(user)];
        }

        await Answers.ItemsAsync(context, items, list => new QuotasData(list), WireJson.Default.EnvelopeQuotasData);
    }

    private Quotas Show(Guid user)
    {
        var now = usage.Read();
        return new Quotas
        {
            Status = ResponseStatus.Success,
            Uuid = user.ToString(),
            Used = new QuotaFigures(now.Instances, now.LiveInstances, now.LiveVcpus, now.LiveMemoryMb, now.ServiceGroups, now.Services, 0, 0),
            // What the node can hold: every instance has an address of its own, and every port is one of 65535.
            Hard = new QuotaFigures(
                now.MostInstances, now.MostInstances, (long)now.MostInstances * now.MostVcpus, (long)now.MostInstances * now.LargestMemoryMb, ushort.MaxValue, ushort.MaxValue, 0, 0),
            Limits = new QuotaLimits(now.SmallestMemoryMb, now.LargestMemoryMb, 0, 0, 0, 0, 1, now.MostVcpus),
        };
    }
}
