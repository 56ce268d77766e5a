using Wisp.Guest.Native;

namespace Wisp.Guest.Network;

/// <summary>Which of the ports that the host watches for accept connections.</summary>
/// <param name="opened">Hears of each once.</param>
/// <param name="onlyLoopback">Hears when one listens where nobody outside reaches it.</param>
internal sealed class PortWatch(Action<int> opened, Action onlyLoopback)
{
    private readonly SortedSet<int> _open = [];
    private readonly SortedSet<int> _loopback = [];
    private IReadOnlyList<int> _watched = [];

    /// <summary>Those that do.</summary>
    public IReadOnlyList<int> Open => [.. _open];

    /// <summary>Those on which something listens for the machine itself only.</summary>
    public IReadOnlyList<int> LoopbackOnly => [.. _loopback];

    /// <summary>Whether there is something to look for.</summary>
    public bool IsLooking
    {
        get
        {
            foreach (var port in _watched)
            {
                if (!_open.Contains(port))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Watches for these from now on; what was seen of them stays seen.</summary>
    public void Begin(IReadOnlyList<int> ports)
    {
        _watched = ports;
        _open.IntersectWith(ports);
        _loopback.IntersectWith(ports);
    }

    /// <summary>Looks.</summary>
    public void Look()
    {
        var reachable = new HashSet<int>();
        var loopback = new HashSet<int>();
        ListeningPorts.Read(Descriptor.ReadText("/proc/net/tcp"), reachable, loopback);
        ListeningPorts.Read(Descriptor.ReadText("/proc/net/tcp6"), reachable, loopback);
        foreach (var port in _watched)
        {
            if (reachable.Contains(port) && _open.Add(port))
            {
                _loopback.Remove(port);
                opened(port);
            }
            else if (!_open.Contains(port) && loopback.Contains(port) && _loopback.Add(port))
            {
                onlyLoopback();
            }
        }
    }
}
