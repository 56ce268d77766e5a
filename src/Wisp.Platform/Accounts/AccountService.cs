using Wisp.Platform.Audit;
using Wisp.Platform.Instances.Retention;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Naming;
using Wisp.Platform.Records;

namespace Wisp.Platform.Accounts;

/// <inheritdoc cref="IAccountService"/>
/// <param name="catalogue">What accounts own; its turn is theirs, so that nothing is made for one that is going.</param>
/// <param name="records">Where they are kept.</param>
/// <param name="audit">What goes with an account.</param>
/// <param name="retained">What was kept of its deleted instances, which goes too.</param>
/// <param name="work">Keeps what goes on when nobody waits for it.</param>
/// <param name="time">The clock.</param>
internal sealed class AccountService(
    Catalogue catalogue, RecordStore records, AuditLog audit, RetainedInstances retained, BackgroundWork work, TimeProvider time) : IAccountService
{
    /// <summary>How many tokens an account may have that have not expired.</summary>
    public const int MostTokens = 256;

    private const int MaxTokenName = 64;

    private AccountSet _set = AccountSet.Initial;

    private AccountSet Now => Volatile.Read(ref _set);

    /// <summary>Loads them, as the node comes up.</summary>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        var set = (await records.LoadAccountsAsync(cancellation)).Aggregate(AccountSet.Initial, (all, account) => all.With(account));
        _set = (await records.LoadTokensAsync(cancellation)).Where(token => set.Accounts.ContainsKey(token.Account)).Aggregate(set, (all, token) => all.With(token));
    }

    /// <inheritdoc/>
    public Result<Caller> Authenticate(string secret)
    {
        if (TokenSecret.IdOf(secret) is not { } id || !Now.Tokens.TryGetValue(id, out var known) || !known.Is(secret))
        {
            return new WispError(ErrorCode.NotAllowed, "The token is not valid.", "Use one that 'wisp tokens create' has shown, or the one in the file that 'wisp status' names.", "token");
        }

        var now = time.GetUtcNow();
        if (known.Token.ExpiresAt <= now)
        {
            return new WispError(ErrorCode.NotAllowed, $"The token '{id}' has expired.", "Ask an administrator for another: wisp tokens create", "token");
        }

        if (known.Use(now))
        {
            work.Begin(() => SaveUseAsync(known));
        }

        return known.Caller;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Account> List() => [.. Now.Accounts.Values.OrderBy(account => account.CreatedAt).ThenBy(account => account.Name, StringComparer.Ordinal)];

    /// <inheritdoc/>
    public Result<Account> Find(ResourceRef reference) => Now.Find(reference);

    /// <inheritdoc/>
    public async Task<Result<Account>> CreateAsync(Caller by, string name, AccountLimits limits, CancellationToken cancellation)
    {
        if (!ResourceName.TryParse(name, out var checkedName, out var error) || (error = limits.Check()) is not null)
        {
            return error;
        }

        using var turn = await catalogue.ChangeAsync(cancellation);
        if (Now.Find(ResourceRef.To(checkedName)).IsSuccess)
        {
            return new WispError(ErrorCode.AlreadyExists, $"A user with the name '{checkedName}' already exists", "Choose another name.");
        }

        return await PutAsync(by, AuditKind.UserCreated, new Account { Uuid = Guid.NewGuid(), Name = checkedName, CreatedAt = time.GetUtcNow(), Limits = limits });
    }

    /// <inheritdoc/>
    public async Task<Result<Account>> LimitAsync(Caller by, ResourceRef reference, Func<AccountLimits, AccountLimits> change, CancellationToken cancellation)
    {
        using var turn = await catalogue.ChangeAsync(cancellation);
        if (Now.Find(reference).Failed(out var error, out var account))
        {
            return error;
        }

        var limits = change(account.Limits);
        return limits.Check() is { } broken ? broken : await PutAsync(by, AuditKind.UserLimited, account with { Limits = limits });
    }

    /// <inheritdoc/>
    public async Task<Result<Account>> DeleteAsync(Caller by, ResourceRef reference, CancellationToken cancellation)
    {
        using var turn = await catalogue.ChangeAsync(cancellation);
        if (Now.Find(reference).Failed(out var error, out var account))
        {
            return error;
        }

        if (account.Uuid == Account.Own)
        {
            return new WispError(ErrorCode.NotAllowed, $"The user '{account.Name}' is the node's own and stays.", "To lock others out, exchange the token in the file that 'wisp status' names.");
        }

        var owned = new AccountView(catalogue, account.Uuid);
        if (owned.InstanceRecords.Count() + owned.Groups.Count() + owned.Frozen.Count() + owned.Certificates.Count(certificate => certificate.Automatic is null) is > 0 and var count)
        {
            return new WispError(
                ErrorCode.Attached, $"The user '{account.Name}' still has {count} instances, templates, checkpoints and service groups.", "Delete them first, with a token of that user.");
        }

        var after = Now.Without(account);
        var gone = Now.Tokens.Values.Where(known => known.Token.Account == account.Uuid).Select(known => RecordStore.Delete(known.Token));
        if ((await records.CommitAsync([RecordStore.Delete(account), .. gone, .. audit.DeletionOf(account.Uuid), .. retained.DeletionOf(account.Uuid)])).Failed(out error))
        {
            return error;
        }

        Volatile.Write(ref _set, after);
        audit.Forget(account.Uuid);
        retained.Forget(account.Uuid);
        audit.Managed(AuditKind.UserDeleted, account, by);
        return account;
    }

    /// <inheritdoc/>
    public Result<IReadOnlyList<TokenView>> Tokens(Caller by, ResourceRef? account)
    {
        var set = Now;
        var only = by.Role == Role.Admin ? (Guid?)null : by.Account;
        if (account is { } reference)
        {
            if (Find(set, by, reference).Failed(out var error, out var found))
            {
                return error;
            }

            only = found.Uuid;
        }

        return set.Tokens.Values.Select(known => known.Now).Where(token => only is null || token.Account == only)
            .OrderBy(token => token.CreatedAt).Select(token => View(set, token)).ToArray();
    }

    /// <inheritdoc/>
    public async Task<Result<MadeToken>> CreateTokenAsync(Caller by, CreateToken request, CancellationToken cancellation)
    {
        if (request.Name is { Length: > MaxTokenName })
        {
            return new WispError(ErrorCode.TooLong, $"The name of a token has at most {MaxTokenName} characters.");
        }

        if (request.Lifetime is { } lifetime && lifetime <= TimeSpan.Zero)
        {
            return new WispError(ErrorCode.InvalidValue, "Value of 'expires_in_s' must be in the range 1 to 2147483647", "Leave it out for a token that does not expire.");
        }

        // Before anybody is looked for: it says nothing of who there is.
        if (request.Role > by.Role)
        {
            return TooHigh(by, "give", request.Role);
        }

        using var turn = await catalogue.ChangeAsync(cancellation);
        if (Find(Now, by, request.Account).Failed(out var error, out var account))
        {
            return error;
        }

        // It may have been revoked while it waited for its turn.
        var maker = by.Token is { } mine ? Now.Tokens.GetValueOrDefault(mine) : null;
        if (maker is null && by.Token is not null)
        {
            return new WispError(ErrorCode.NotAllowed, "The token that asks has just been revoked.", "Ask an administrator for another: wisp tokens create", "token");
        }

        var (id, secret) = TokenSecret.Make();
        var now = time.GetUtcNow();
        var token = new ApiToken
        {
            Id = id,
            Digest = Convert.ToHexStringLower(TokenSecret.DigestOf(secret)),
            Account = account.Uuid,
            Name = request.Name,
            Role = request.Role,
            CreatedAt = now,
            MadeBy = by.Token,
            // Or who has a token for a day would have one for ever.
            ExpiresAt = by.Role == Role.Admin ? now + request.Lifetime : Earlier(now + request.Lifetime, maker?.Token.ExpiresAt),
        };
        var others = Now.Tokens.Values.Select(known => known.Now).Where(other => other.Account == account.Uuid).ToLookup(other => other.ExpiresAt <= now);
        if (others[false].Count() >= MostTokens)
        {
            return new WispError(
                ErrorCode.Quota, $"The user '{account.Name}' has {MostTokens} tokens, which is the most.", $"Revoke those that nobody needs: wisp tokens list {account.Name}");
        }

        // Those that have expired make room.
        if ((await RemoveAsync([.. others[true]], token)).Failed(out error))
        {
            return error;
        }

        audit.Managed(AuditKind.TokenCreated, account, by, $"Role: {token.Role.ToString().ToLowerInvariant()}.", id);
        return new MadeToken(new TokenView(token, account.Name), secret);
    }

    /// <inheritdoc/>
    public async Task<Result<RevokedTokens>> RevokeTokenAsync(Caller by, string id, bool withChildren, CancellationToken cancellation)
    {
        using var turn = await catalogue.ChangeAsync(cancellation);
        if (!Now.Tokens.TryGetValue(id, out var known) || by.Role != Role.Admin && known.Token.Account != by.Account)
        {
            return new WispError(ErrorCode.NotFound, $"No token with id '{id}'", "See them with 'wisp tokens list'.");
        }

        var children = Now.MadeBy(id);
        ApiToken[] all = [known.Now, .. withChildren ? children : []];
        // A child has no higher role; but an administrator may make one for another account with a token of this.
        if (all.FirstOrDefault(token => token.Role > by.Role || by.Role != Role.Admin && token.Account != by.Account) is { } forbidden)
        {
            return TooHigh(by, "revoke one with", forbidden.Role);
        }

        var set = Now;
        if ((await RemoveAsync(all, null)).Failed(out var error))
        {
            return error;
        }

        foreach (var token in all)
        {
            audit.Managed(AuditKind.TokenRevoked, set.Accounts[token.Account], by, token: token.Id);
        }

        return new RevokedTokens([.. all.Select(token => View(set, token))], withChildren ? 0 : children.Count);
    }

    // In the catalogue's turn. What a token had made counts from here on as made by who had made that, so that nothing is lost sight of.
    private async Task<Result> RemoveAsync(IReadOnlyList<ApiToken> gone, ApiToken? made)
    {
        var makers = gone.ToDictionary(token => token.Id, token => token.MadeBy, StringComparer.Ordinal);
        string? MakerOf(string? id) => id is not null && makers.TryGetValue(id, out var before) ? MakerOf(before) : id;
        ApiToken[] changed =
        [
            .. Now.Tokens.Values.Select(known => known.Now).Where(token => token.MadeBy is { } maker && makers.ContainsKey(maker) && !makers.ContainsKey(token.Id))
                .Select(token => token with { MadeBy = MakerOf(token.MadeBy) }),
            .. made is null ? [] : (ApiToken[])[made],
        ];
        var result = await records.CommitAsync([.. changed.Select(RecordStore.Put), .. gone.Select(RecordStore.Delete)]);
        if (result.IsSuccess)
        {
            Volatile.Write(ref _set, gone.Aggregate(changed.Aggregate(Now, (set, token) => set.With(token)), (set, token) => set.Without(token)));
        }

        return result;
    }

    // What is another's is, to who is no administrator, not there.
    private static Result<Account> Find(AccountSet set, Caller by, ResourceRef reference) =>
        set.Find(reference) is { IsSuccess: true, Value: var found } && by.Role != Role.Admin && found.Uuid != by.Account ? AccountSet.NoUser(reference) : set.Find(reference);

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;

    private static WispError TooHigh(Caller by, string verb, Role role) => new(
        ErrorCode.NotAllowed, $"This token may not {verb} the role '{role.ToString().ToLowerInvariant()}': its own is '{by.Role.ToString().ToLowerInvariant()}'.",
        "Choose a lower role, or ask an administrator.", "token");

    private static TokenView View(AccountSet set, ApiToken token) => new(token, set.Accounts[token.Account].Name);

    // In the catalogue's turn.
    private async Task<Result<Account>> PutAsync(Caller by, AuditKind kind, Account account)
    {
        if ((await records.CommitAsync(RecordStore.Put(account))).Failed(out var error))
        {
            return error;
        }

        Volatile.Write(ref _set, Now.With(account));
        audit.Managed(kind, account, by, account.Limits.ToString());
        return account;
    }

    // In turn, so that what was revoked meanwhile does not come back.
    private async Task SaveUseAsync(KnownToken known)
    {
        using var turn = await catalogue.ChangeAsync(CancellationToken.None);
        if (Now.Tokens.TryGetValue(known.Token.Id, out var current))
        {
            // It may be made by another meanwhile.
            await records.CommitAsync(RecordStore.Put(current.Now with { LastUsedAt = known.Now.LastUsedAt }));
        }
    }
}
