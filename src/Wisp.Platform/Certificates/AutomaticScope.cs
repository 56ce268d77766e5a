using Wisp.Platform.Accounts;
using Wisp.Platform.Records;

namespace Wisp.Platform.Certificates;

/// <summary>
/// For whom certificates of which domains are ordered. Who is validated by DNS can be issued any name of the zones that the hook writes to, so it is
/// the node's administrator who says whose those are.
/// </summary>
internal sealed class AutomaticScope(PlatformOptions options, AccountService accounts, bool isOn)
{
    /// <summary>Whether the one of a domain would be ordered for an account.</summary>
    public bool Covers(Guid account, string domain) => options.AutomaticSuffixes is not { } suffixes
        || suffixes.Any(allowed => AutomaticDomains.IsUnder(domain, allowed.Suffix)
            && (allowed.User is null || accounts.Find(ResourceRef.To(account)) is { IsSuccess: true, Value.Name: var name } && string.Equals(name, allowed.User, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Why a group cannot have a domain that names no certificate, or null. What it has already stays.</summary>
    public WispError? Check(ServiceGroupRecord after, ServiceGroupRecord? before) =>
        isOn && AutomaticDomains.Of(after, options.DomainSuffix)
            .FirstOrDefault(domain => !after.Certificates.ContainsKey(domain) && before?.Domains.Contains(domain, StringComparer.Ordinal) is not true && !Covers(after.Account, domain)) is { } refused
            ? new WispError(
                ErrorCode.CannotAddService, $"This node gets no certificate for '{refused}': it is under none of the domains that it does that for.",
                "Upload one (wisp certificates create) and name it with the domain, or have the administrator add its suffix to 'wispd serve --acme-domains'.", "certificate-pending")
            : null;
}
