using System.Collections.Immutable;
using Wisp.Platform.Records;
using Wisp.Platform.Services;

namespace Wisp.Platform.Certificates;

/// <summary>Which domains the node gets certificates for by itself. Pure.</summary>
internal static class AutomaticDomains
{
    /// <summary>The domains of a group that may have one: full names, where TLS ends here, that are not the node's own.</summary>
    /// <param name="group">The group.</param>
    /// <param name="suffix">What the node's own domains are under; nobody else's authority is asked about those.</param>
    public static IEnumerable<string> Of(ServiceGroupRecord group, string suffix) =>
        group.Ports.Any(port => port.Service.Handlers.HasFlag(ServiceHandler.Tls)) ? group.Domains.Where(domain => IsPublic(domain, suffix)) : [];

    /// <summary>The certificates of a group's domains with the automatic ones put right.</summary>
    /// <param name="group">The group.</param>
    /// <param name="suffix">What the node's own domains are under.</param>
    /// <param name="isCovered">Whether one is ordered for a domain.</param>
    /// <param name="isAutomatic">Whether one is automatic.</param>
    /// <param name="find">The automatic one of a domain; it is made where there is none, and null where it may not be.</param>
    public static ImmutableDictionary<string, Guid> Put(ServiceGroupRecord group, string suffix, Func<string, bool> isCovered, Func<Guid, bool> isAutomatic, Func<string, Guid?> find)
    {
        var wanted = Of(group, suffix).Where(isCovered).ToHashSet(StringComparer.Ordinal);
        var certificates = group.Certificates.RemoveRange(group.Certificates.Where(pair => isAutomatic(pair.Value) && !wanted.Contains(pair.Key)).Select(pair => pair.Key));
        foreach (var domain in wanted.Where(domain => !certificates.ContainsKey(domain)))
        {
            if (find(domain) is { } found)
            {
                certificates = certificates.SetItem(domain, found);
            }
        }

        return certificates;
    }

    private static bool IsPublic(string domain, string suffix) => domain.Contains('.', StringComparison.Ordinal) && !IsUnder(domain, suffix) && !IsUnder(domain, "localhost");

    /// <summary>True for a domain and all below it.</summary>
    public static bool IsUnder(string domain, string suffix) =>
        domain.EndsWith(suffix, StringComparison.Ordinal) && (domain.Length == suffix.Length || domain[^(suffix.Length + 1)] == '.');
}
