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

/// <summary>Tokens of users.</summary>
internal sealed class TokenEndpoints(IAccountService accounts, RateLimits limits)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Serve(GetAsync, "getTokens");
        routes.Serve(CreateAsync, "createTokens");
        routes.Serve(RevokeAsync, "revokeTokens");
    }

    private async Task GetAsync(HttpContext context)
    {
        var targets = await Target.ReadAsync(context, required: false);
        var caller = context.Caller();
        await AnswerAsync(context, targets.Count == 0 ? List(caller, null) : [.. targets.SelectMany(target =>
        {
            target.Body?.End();
            return target.Reference is { } reference ? List(caller, reference) : [Failed(target.Wrong!, null, null)];
        })]);
    }

    private IReadOnlyList<UserToken> List(Caller caller, ResourceRef? user) =>
        accounts.Tokens(caller, user).Failed(out var error, out var tokens) ? [Failed(error, user, null)] : [.. tokens.Select(view => Show(view, null))];

    private async Task CreateAsync(HttpContext context)
    {
        // All are read before the first is made: what is malformed costs nothing.
        var wanted = (await Target.ReadAsync(context)).Select(target =>
        {
            var role = target.Body?.String("role") ?? throw RequestFailure.Invalid("'role' is missing.", "Use read, write or admin.");
            var label = target.Body.String("label");
            var seconds = target.Body.Integer("expires_in_s");
            target.Body.End();
            return (target, role, label, seconds);
        }).ToArray();
        var items = new List<UserToken>();
        foreach (var (target, word, label, seconds) in wanted)
        {
            var error = target.Wrong;
            items.Add(target.Reference is { } reference && !Read(reference, word, label, seconds).Failed(out error, out var request)
                && !(await accounts.CreateTokenAsync(context.Caller(), request, context.RequestAborted)).Failed(out error, out var made)
                ? Show(made.View, made.Secret)
                : Failed(error!, target.Reference, null));
        }

        // Nobody on the way keeps it.
        context.Response.Headers.CacheControl = "no-store";
        await AnswerAsync(context, items);
    }

    private async Task RevokeAsync(HttpContext context)
    {
        var bodies = await RequestBody.ReadItemsAsync(context);
        if (bodies.Count == 0)
        {
            throw RequestFailure.Malformed("The request has no body.", "Send an object with 'id'.");
        }

        var ids = bodies.Select(body =>
        {
            var id = body.String("id") ?? throw RequestFailure.Invalid("'id' is missing.");
            var withChildren = body.Boolean("with_children") ?? false;
            body.End();
            return (id, withChildren);
        }).ToArray();
        var items = new List<UserToken>();
        foreach (var (id, withChildren) in ids)
        {
            // One that went with another is gone as it was to be.
            if (items.Any(item => item.Id == id && item.Status == ResponseStatus.Success))
            {
                continue;
            }

            if ((await accounts.RevokeTokenAsync(context.Caller(), id, withChildren, context.RequestAborted)).Failed(out var error, out var revoked))
            {
                items.Add(Failed(error, null, id));
                continue;
            }

            foreach (var view in revoked.Tokens)
            {
                limits.Forget(view.Token.Id);
                items.Add(Show(view, null) with { Children = view.Token.Id == id ? revoked.Left : 0 });
            }
        }

        await AnswerAsync(context, items);
    }

    private static Result<CreateToken> Read(ResourceRef account, string word, string? label, long? seconds)
    {
        Role? role = word switch { "read" => Role.Read, "write" => Role.Write, "admin" => Role.Admin, _ => null };
        return role is not { } given ? new WispError(ErrorCode.InvalidValue, $"'{word}' is not a valid 'role'.", "Use read, write or admin.")
            : seconds is < 1 or > int.MaxValue ? new WispError(ErrorCode.InvalidValue, $"Value of 'expires_in_s' must be in the range 1 to {int.MaxValue}", "Leave it out for a token that does not expire.")
            : new CreateToken(account, given, label, seconds is { } some ? TimeSpan.FromSeconds(some) : null);
    }

    private static UserToken Show(TokenView view, string? secret) => new()
    {
        Status = ResponseStatus.Success,
        Id = view.Token.Id,
        Name = view.Token.Name,
        User = view.AccountName,
        Role = view.Token.Role.ToString().ToLowerInvariant(),
        MadeBy = view.Token.MadeBy,
        CreatedAt = InstanceMapping.Time(view.Token.CreatedAt),
        ExpiresAt = InstanceMapping.Time(view.Token.ExpiresAt),
        LastUsedAt = InstanceMapping.Time(view.Token.LastUsedAt),
        Token = secret,
    };

    private static UserToken Failed(WispError error, ResourceRef? user, string? id) => new()
    {
        Status = ResponseStatus.Error, Error = (int)error.Code, Message = Answers.Text(error), Id = id, Uuid = user?.Uuid?.ToString(), User = user?.Name, Name = user?.Name,
    };

    private static Task AnswerAsync(HttpContext context, IReadOnlyList<UserToken> items) =>
        Answers.ItemsAsync(context, items, list => new TokensData(list), WireJson.Default.EnvelopeTokensData);
}
