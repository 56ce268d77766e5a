using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wisp.Api.Http;
using Wisp.Api.Instances;
using Wisp.Api.Reading;
using Wisp.Contracts;
using Wisp.Contracts.Users;
using Wisp.Platform;
using Wisp.Platform.Accounts;

namespace Wisp.Api.Accounts;

/// <summary>Users. Wisp's own: the platform API knows of them by their quotas only.</summary>
internal sealed class UserEndpoints(IAccountService accounts)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Serve(GetAsync, "getUsers");
        routes.Serve(CreateAsync, "createUsers");
        routes.Serve(ChangeAsync, "updateUsers");
        routes.Serve(DeleteAsync, "deleteUsers");
    }

    private async Task GetAsync(HttpContext context)
    {
        var targets = await Target.ReadAsync(context, required: false);
        await AnswerAsync(context, targets.Count == 0 ? [.. accounts.List().Select(Show)] : [.. targets.Select(target =>
        {
            target.Body?.End();
            var error = target.Wrong;
            return target.Reference is { } reference && !accounts.Find(reference).Failed(out error, out var account) ? Show(account) : Failed(error!, target.Reference);
        })]);
    }

    private async Task CreateAsync(HttpContext context)
    {
        var bodies = await RequestBody.ReadItemsAsync(context);
        if (bodies.Count == 0)
        {
            throw RequestFailure.Malformed("The request has no body.", "Send an object with 'name'.");
        }

        // All are read before the first is made: what is malformed costs nothing.
        var wanted = bodies.Select(body =>
        {
            var name = body.String("name") ?? throw RequestFailure.Invalid("'name' is missing.");
            var limits = body.Object("limits");
            var read = new AccountLimits(
                limits?.Integer("instances"), limits?.Integer("frozen"), limits?.Integer("service_groups"), limits?.Integer("services"), limits?.Integer("memory_mb"), limits?.Integer("vcpus"),
                limits?.Integer("live_instances"), limits?.Integer("live_vcpus"), limits?.Integer("live_memory_mb"));
            limits?.End();
            body.End();
            return (name, read);
        }).ToArray();
        var items = new List<User>();
        foreach (var (name, limits) in wanted)
        {
            items.Add((await accounts.CreateAsync(context.Caller(), name, limits, context.RequestAborted)).Failed(out var error, out var account) ? Failed(error, ResourceRef.To(name)) : Show(account));
        }

        await AnswerAsync(context, items);
    }

    private async Task ChangeAsync(HttpContext context)
    {
        // All are read before the first is acted on: what is malformed costs nothing.
        var changes = (await Target.ReadAsync(context)).Select(target =>
        {
            var body = target.Body ?? throw RequestFailure.Malformed("The request says no change.", "Send an object with 'prop', 'op' and 'value'.");
            body.String("id");
            var change = LimitReader.Read(body);
            body.End();
            return (target, change);
        }).ToArray();
        var items = new List<User>();
        foreach (var (target, read) in changes)
        {
            var error = target.Wrong;
            items.Add(target.Reference is { } reference && !read.Failed(out error, out var change)
                && !(await accounts.LimitAsync(context.Caller(), reference, change, context.RequestAborted)).Failed(out error, out var account)
                ? Show(account)
                : Failed(error!, target.Reference));
        }

        await AnswerAsync(context, items);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        var targets = await Target.ReadAsync(context);
        foreach (var target in targets)
        {
            target.Body?.End();
        }

        var items = new List<User>();
        foreach (var target in targets)
        {
            var error = target.Wrong;
            items.Add(target.Reference is { } reference && !(await accounts.DeleteAsync(context.Caller(), reference, context.RequestAborted)).Failed(out error, out var account)
                ? new User { Status = ResponseStatus.Success, Uuid = account.Uuid.ToString(), Name = account.Name }
                : Failed(error!, target.Reference));
        }

        await AnswerAsync(context, items);
    }

    private User Show(Account account) => new()
    {
        Status = ResponseStatus.Success,
        Uuid = account.Uuid.ToString(),
        Name = account.Name,
        CreatedAt = account.Uuid == Account.Own ? null : InstanceMapping.Time(account.CreatedAt),
        Limits = account.Limits == AccountLimits.None
            ? null
            : new UserLimits(
                account.Limits.Instances, account.Limits.Frozen, account.Limits.ServiceGroups, account.Limits.Services, account.Limits.MemoryMb, account.Limits.Vcpus,
                account.Limits.LiveInstances, account.Limits.LiveVcpus, account.Limits.LiveMemoryMb),
        Tokens = accounts.Tokens(Caller.Owner, ResourceRef.To(account.Uuid)) is { IsSuccess: true, Value: var tokens } ? tokens.Count : 0,
    };

    private static User Failed(WispError error, ResourceRef? reference) => new()
    {
        Status = ResponseStatus.Error, Error = (int)error.Code, Message = Answers.Text(error), Uuid = reference?.Uuid?.ToString(), Name = reference?.Name,
    };

    private static Task AnswerAsync(HttpContext context, IReadOnlyList<User> items) =>
        Answers.ItemsAsync(context, items, list => new UsersData(list), WireJson.Default.EnvelopeUsersData);
}
