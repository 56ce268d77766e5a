namespace Wisp.Platform.Accounts;

/// <summary>Accounts and their tokens. Thread-safe. Users are an administrator's affair; tokens are also the affair of whoever may change what their account has.</summary>
public interface IAccountService
{
    /// <summary>Whose token it is. Takes no lock and asks no store; one that was revoked is refused by the next request.</summary>
    /// <returns>The caller; or <see cref="ErrorCode.NotAllowed"/>.</returns>
    Result<Caller> Authenticate(string secret);

    /// <summary>All accounts, oldest first; the node's own is the first.</summary>
    IReadOnlyList<Account> List();

    /// <summary>One account; <see cref="ErrorCode.NotFound"/> ("No user with name '…'").</summary>
    Result<Account> Find(ResourceRef reference);

    /// <summary>Creates an account.</summary>
    Task<Result<Account>> CreateAsync(Caller by, string name, AccountLimits limits, CancellationToken cancellation);

    /// <summary>Sets what an account may have; what it has already stays.</summary>
    Task<Result<Account>> LimitAsync(Caller by, ResourceRef reference, Func<AccountLimits, AccountLimits> change, CancellationToken cancellation);

    /// <summary>Deletes an account and its tokens; refused with <see cref="ErrorCode.Attached"/> while it has resources.</summary>
    Task<Result<Account>> DeleteAsync(Caller by, ResourceRef reference, CancellationToken cancellation);

    /// <summary>
    /// The tokens of an account, or all that <paramref name="by"/> may see, oldest first: an administrator all, others their own account's.
    /// That of the node's file is not among them.
    /// </summary>
    Result<IReadOnlyList<TokenView>> Tokens(Caller by, ResourceRef? account);

    /// <summary>
    /// Makes a token; its secret is in the answer and nowhere else. Who is no administrator makes them for the own account, with no higher role
    /// than the own and no longer life.
    /// </summary>
    Task<Result<MadeToken>> CreateTokenAsync(Caller by, CreateToken request, CancellationToken cancellation);

    /// <summary>Revokes a token: the next request with it is refused. Who is no administrator revokes those of the own account and of no higher role.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="id">The token.</param>
    /// <param name="withChildren">Whether what was made with it goes, too, and what was made with that, and so on; else it stays.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Result<RevokedTokens>> RevokeTokenAsync(Caller by, string id, bool withChildren, CancellationToken cancellation);
}
