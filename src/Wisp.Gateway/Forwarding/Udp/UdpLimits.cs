using Wisp.Gateway.Listening;

namespace Wisp.Gateway.Forwarding.Udp;

/// <summary>What clients of UDP ports can make the gateway keep: senders of datagrams can call themselves what they like.</summary>
internal sealed record UdpLimits
{
    private const int MostSessions = 16_384;

    public static UdpLimits Default { get; } = new();

    /// <summary>How long a session is kept in which nothing is said.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many sessions a port has; one more ends the one that has been silent longest.</summary>
    public int Sessions { get; init; } = 4096;

    /// <summary>How many all ports have together: a quarter of what this process can open, each being a socket.</summary>
    public int SessionsOfAll { get; init; } = (int)Math.Min(MostSessions, Descriptors.Limit / 4);

    /// <summary>How many datagrams a session holds while its instance wakes.</summary>
    public int Held { get; init; } = 64;

    /// <summary>And how many bytes.</summary>
    public int HeldBytes { get; init; } = 256 << 10;

    /// <summary>How many bytes all sessions hold together.</summary>
    public int HeldBytesOfAll { get; init; } = 16 << 20;
}
