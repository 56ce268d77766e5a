using System.Collections.Immutable;

namespace Wisp.Platform.Accounts;

/// <summary>All accounts and tokens at one moment.</summary>
internal sealed record AccountSet(ImmutableDictionary<Guid, Account> Accounts, ImmutableDictionary<string, KnownToken> Tokens)
{
    /// <summary>A node on which nobody has been added.</summary>
    public static AccountSet Initial { get; } = new(
        ImmutableDictionary<Guid, Account>.Empty.Add(Account.Own, new Account { Uuid = Account.Own, Name = Account.OwnName, CreatedAt = DateTimeOffset.UnixEpoch }),
        ImmutableDictionary.Create<string, KnownToken>(StringComparer.Ordinal));

    public Result<Account> Find(ResourceRef reference) =>
        (reference.Uuid is { } uuid
            ? Accounts.GetValueOrDefault(uuid)
            : Accounts.Values.FirstOrDefault(account => string.Equals(account.Name, reference.Name, StringComparison.OrdinalIgnoreCase)))
        is { } found
            ? found
            : NoUser(reference);

    /// <summary>The error of a reference that leads to nobody.</summary>
    public static WispError NoUser(ResourceRef reference) => new(ErrorCode.NotFound, $"No user with {reference}", "See them with 'wisp users list'.");

    public AccountSet With(Account account) => this with { Accounts = Accounts.SetItem(account.Uuid, account) };

    public AccountSet With(ApiToken token) => this with { Tokens = Tokens.SetItem(token.Id, new KnownToken(token, Accounts[token.Account].Name)) };

    public AccountSet Without(Account account) => new(
        Accounts.Remove(account.Uuid), Tokens.RemoveRange(Tokens.Values.Where(known => known.Token.Account == account.Uuid).Select(known => known.Token.Id)));

    /// <summary>The tokens that one has made, and those that these have made, and so on.</summary>
    public IReadOnlyList<ApiToken> MadeBy(string id)
    {
        var made = new List<ApiToken>();
        for (IEnumerable<string> makers = [id]; makers.ToHashSet(StringComparer.Ordinal) is { Count: > 0 } by;)
        {
            ApiToken[] next = [.. Tokens.Values.Select(known => known.Now).Where(token => token.MadeBy is { } maker && by.Contains(maker))];
            made.AddRange(next);
            makers = [.. next.Select(token => token.Id)];
        }

        return made;
    }

    public AccountSet Without(ApiToken token) => this with { Tokens = Tokens.Remove(token.Id) };
}
