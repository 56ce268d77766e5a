using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Wisp.GuestProtocol;

/// <summary>All that a guest is told before its entrypoint runs.</summary>
/// <remarks>Members that a peer leaves out arrive as null from the source-generated JSON of whoever stores this, whatever the initializer says; hence the accessors.</remarks>
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

    /// <summary>The payload: a JSON object.</summary>
    public byte[] Encode() => GuestJson.Encode(Write);

    /// <summary>Reads a payload; false when it is none.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out GuestConfiguration? configuration) =>
        GuestJson.TryDecode(payload, Read, out configuration);

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteList("argv"u8, Argv);
        writer.WriteList("environment"u8, Environment);
        writer.WriteString("working_directory"u8, WorkingDirectory);
        writer.WriteString("user"u8, User);
        writer.WriteString("hostname"u8, Hostname);
        writer.WriteText("address"u8, Address);
        writer.WriteText("gateway"u8, Gateway);
        writer.WriteText("gateway_mac"u8, GatewayMac);
        writer.WriteText("nameserver"u8, Nameserver);
        writer.WriteList("watched_ports"u8, WatchedPorts);
        writer.WriteNumber("unix_nanoseconds"u8, UnixNanoseconds);
    }

    private static GuestConfiguration Read(ref Utf8JsonReader reader)
    {
        reader.Expect(JsonTokenType.StartObject);
        List<string>? argv = null, environment = null;
        string? directory = null, user = null, hostname = null, address = null, gateway = null, gatewayMac = null, nameserver = null;
        List<int>? ports = null;
        var time = 0L;
        while (reader.NextMember(out var name))
        {
            switch (name)
            {
                case "argv": argv = GuestJson.List(ref reader, GuestJson.Text); break;
                case "environment": environment = GuestJson.List(ref reader, GuestJson.Text); break;
                case "working_directory": directory = reader.GetString(); break;
                case "user": user = reader.GetString(); break;
                case "hostname": hostname = reader.GetString(); break;
                case "address": address = reader.GetString(); break;
                case "gateway": gateway = reader.GetString(); break;
                case "gateway_mac": gatewayMac = reader.GetString(); break;
                case "nameserver": nameserver = reader.GetString(); break;
                case "watched_ports": ports = GuestJson.List(ref reader, GuestJson.Number); break;
                case "unix_nanoseconds": time = reader.GetInt64(); break;
                default: reader.Skip(); break;
            }
        }

        return new GuestConfiguration
        {
            Argv = argv ?? throw new JsonException(),
            Environment = environment ?? [],
            WorkingDirectory = directory ?? "/",
            User = user ?? "",
            Hostname = hostname ?? throw new JsonException(),
            Address = address,
            Gateway = gateway,
            GatewayMac = gatewayMac,
            Nameserver = nameserver,
            WatchedPorts = ports ?? [],
            UnixNanoseconds = time,
        };
    }
}
