namespace Wisp.GuestProtocol;

/// <summary>All that a guest is told before its entrypoint runs.</summary>
/// <remarks>Members that a peer leaves out arrive as null from source-generated JSON, whatever the initializer says; hence the accessors.</remarks>
public sealed record GuestConfiguration
{
    /// <summary>The program and its arguments: ENTRYPOINT followed by CMD, in exec form. Never empty.</summary>
    public required IReadOnlyList<string> Argv { get; init; }

    /// <summary>Environment as <c>NAME=value</c>, in order; later ones win. PATH and HOME are added when absent, as Docker does.</summary>
    public IReadOnlyList<string> Environment { get; init => field = value ?? []; } = [];

    /// <summary>WORKDIR; created when missing. Default <c>/</c>.</summary>
    public string WorkingDirectory { get; init => field = value ?? "/"; } = "/";

    /// <summary>USER as in the image: <c>name</c>, <c>uid</c>, <c>name:group</c>, <c>uid:gid</c>; empty is root.</summary>
    public string User { get; init => field = value ?? ""; } = "";

    /// <summary>Host name: one DNS label.</summary>
    public required string Hostname { get; init; }

    /// <summary>The guest's IPv4 address, e.g. <c>10.64.0.2</c>; null leaves the machine without a network.</summary>
    public string? Address { get; init; }

    /// <summary>The gateway's IPv4 address, reachable on the link though outside the guest's /32.</summary>
    public string? Gateway { get; init; }

    /// <summary>The gateway's MAC address: a permanent neighbour entry, so that waking needs no ARP.</summary>
    public string? GatewayMac { get; init; }

    /// <summary>DNS server for <c>/etc/resolv.conf</c>; null leaves the file empty.</summary>
    public string? Nameserver { get; init; }

    /// <summary>Ports to watch until they accept connections; each is reported once with <see cref="FrameKind.PortOpen"/>.</summary>
    public IReadOnlyList<int> WatchedPorts { get; init => field = value ?? []; } = [];

    /// <summary>The wall clock at the time of sending: nanoseconds since 1970-01-01T00:00:00Z.</summary>
    public long UnixNanoseconds { get; init; }
}
