using System.Collections.Immutable;
using Wisp.Certificates;
using Wisp.Platform.Accounts;

namespace Wisp.Platform.Services;

/// <summary>Finds out what the domains that a group asks for are in full, and which certificates they get.</summary>
internal sealed class DomainResolver(Catalogue catalogue, CertificateShelf shelf, PlatformOptions options)
{
    /// <summary>A full domain name: one that ends in a dot is complete, any other is a label under the node's suffix.</summary>
    public string Complete(string domain) =>
        (domain.EndsWith('.') ? domain[..^1] : $"{domain}.{options.DomainSuffix}").ToLowerInvariant();

    /// <summary>Resolves them. In the catalogue's turn, so that a certificate that is found stays.</summary>
    /// <param name="owned">Whose certificates.</param>
    /// <param name="wanted">The domains; of one that is named twice, the last counts.</param>
    public Result<ResolvedDomains> Resolve(AccountView owned, IEnumerable<ServiceDomain> wanted)
    {
        var names = new List<string>();
        var certificates = ImmutableDictionary<string, Guid>.Empty;
        foreach (var domain in wanted)
        {
            var name = Complete(domain.Name);
            if (!names.Contains(name, StringComparer.Ordinal))
            {
                names.Add(name);
            }

            certificates = certificates.Remove(name);
            if (domain.Certificate is not { } reference)
            {
                continue;
            }

            if (owned.FindCertificate(reference).Failed(out var error, out var record))
            {
                return error;
            }

            // An automatic one is for its domain before it has been issued.
            if (shelf.Get(record.Uuid)?.Covers(name) != true && !(record.Automatic is not null && record.CommonName == name))
            {
                return new WispError(
                    ErrorCode.CertificateMismatch, $"Certificate '{record.Name}' is for '{record.CommonName}', not for '{name}'.",
                    "Name another, or none to get one of the node's authority.");
            }

            certificates = certificates.SetItem(name, record.Uuid);
        }

        // On any port: who has a domain on one of them could take on another what is meant for the first, cookies and certificates included.
        var asked = names.ToHashSet(StringComparer.Ordinal);
        return catalogue.Groups.Values.Where(group => group.Account != owned.Account).SelectMany(group => group.Domains).FirstOrDefault(asked.Contains) is { } taken
            ? new WispError(ErrorCode.CannotAddService, $"The domain '{taken}' is taken.", "Choose another.")
            : new ResolvedDomains(names, certificates);
    }
}
