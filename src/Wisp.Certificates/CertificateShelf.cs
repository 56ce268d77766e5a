using System.Collections.Concurrent;
using System.Net.Security;

namespace Wisp.Certificates;

/// <summary>
/// The certificates that handshakes choose from: those that were put here, and for all other hosts those of the local authority, which are
/// issued when they are first asked for. Reading takes no lock. Thread-safe.
/// </summary>
/// <param name="authority">Issues what nobody else has.</param>
/// <param name="time">The clock.</param>
public sealed class CertificateShelf(LocalAuthority authority, TimeProvider time)
{
    /// <summary>How many certificates of the local authority are kept in memory; another is issued again.</summary>
    public const int MostLocal = 20_000;

    // A third of their life before they end.
    private static readonly TimeSpan RenewBefore = LocalAuthority.LeafLifetime / 3;

    private readonly ConcurrentDictionary<Guid, (ServerCertificate Certificate, bool IsChosen)> _given = new();
    private readonly ConcurrentDictionary<string, ServerCertificate> _local = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The authority behind it.</summary>
    public LocalAuthority Authority => authority;

    /// <summary>Puts a certificate here, in place of the one with that id. Connections that are open go on with the old one.</summary>
    /// <param name="id">The id.</param>
    /// <param name="certificate">The certificate.</param>
    /// <param name="isChosen">Somebody chose it, so that it is presented even when it has expired; the local authority's is presented instead of any other.</param>
    public void Put(Guid id, ServerCertificate certificate, bool isChosen) => _given[id] = (certificate, isChosen);

    /// <summary>One that was put here, or null.</summary>
    public ServerCertificate? Get(Guid id) => _given.GetValueOrDefault(id).Certificate;

    /// <summary>Takes one away.</summary>
    public void Remove(Guid id) => _given.TryRemove(id, out _);

    /// <summary>What to present to a client that asks for a host.</summary>
    /// <param name="id">The certificate that it has; null, and one that is not here, leave it to the local authority.</param>
    /// <param name="host">The host.</param>
    public SslStreamCertificateContext Find(Guid? id, string host)
    {
        if (id is { } chosen && _given.TryGetValue(chosen, out var given) && (given.IsChosen || time.GetUtcNow() < given.Certificate.NotAfter))
        {
            return given.Certificate.Context;
        }

        if (_local.TryGetValue(host, out var local) && local.NotAfter - time.GetUtcNow() > RenewBefore)
        {
            return local.Context;
        }

        if (_local.Count >= MostLocal)
        {
            _local.Clear();
        }

        // Of several that are issued at once the last stays; the others are as good.
        return (_local[host] = authority.Issue(host)).Context;
    }
}
