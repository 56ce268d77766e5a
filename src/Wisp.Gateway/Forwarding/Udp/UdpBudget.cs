using System.Runtime.InteropServices;

namespace Wisp.Gateway.Forwarding.Udp;

/// <summary>
/// How many sessions all UDP ports have together, each of which is an open socket of this process. One tenant has at most half of them. Where there are
/// as many as may be, the service that has most gives up its oldest: whoever is flooded loses its own.
/// </summary>
internal sealed class UdpBudget(int sessions)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<UdpService, int> _ofServices = [];
    private readonly Dictionary<Guid, int> _ofTenants = [];
    private int _taken;

    /// <summary>Takes a place.</summary>
    /// <returns>The service that is to give one up for it, or null.</returns>
    public UdpService? Take(UdpService service)
    {
        lock (_gate)
        {
            var largest = _ofTenants.GetValueOrDefault(service.Tenant) >= sessions / 2 ? Largest(service, other => other.Tenant == service.Tenant)
                : _taken >= sessions ? Largest(service, _ => true)
                : null;
            Add(service, 1);
            return largest;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Give(UdpService service)
    {
        lock (_gate)
        {
            Add(service, -1);
        }
    }

    private UdpService? Largest(UdpService service, Func<UdpService, bool> counts)
    {
        // Its own, where others have no more.
        var (largest, most) = _ofServices.TryGetValue(service, out var own) ? (service, own) : (null, 0);
        foreach (var (other, count) in _ofServices)
        {
            if (count > most && counts(other))
            {
                (largest, most) = (other, count);
            }
        }

        return largest;
    }

    private void Add(UdpService service, int places)
    {
        _taken += places;
        Add(_ofServices, service, places);
        Add(_ofTenants, service.Tenant, places);
    }

    private static void Add<T>(Dictionary<T, int> places, T whose, int more)
        where T : notnull
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(places, whose, out _);
        count += more;
        if (count == 0)
        {
            places.Remove(whose);
        }
    }
}
