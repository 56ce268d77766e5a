using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Wisp.GuestProtocol;

/// <summary>Told to a guest that goes on from a captured memory, before its application does.</summary>
/// <remarks>Members that a peer leaves out arrive as null from the source-generated JSON of whoever stores this, whatever the initializer says; hence the accessors.</remarks>
public sealed record GuestRestore
{
    /// <summary>The wall clock at the time of sending: nanoseconds since 1970-01-01T00:00:00Z.</summary>
    public long UnixNanoseconds { get; init; }

    /// <summary>Fresh random bytes for the kernel's generator: without them, all clones of a memory draw the same numbers.</summary>
    public byte[] Entropy { get; init => field = value ?? []; } = [];

    /// <summary>Who this machine is now; null when it is still who it was.</summary>
    public GuestIdentity? Identity { get; init; }

    /// <summary>The ticket of the fork whose child this machine is, or null.</summary>
    public uint? ForkTicket { get; init; }

    /// <summary>The ticket of the write that made the template of which this machine is a clone, or null.</summary>
    public uint? TemplateTicket { get; init; }

    /// <summary>Ports to watch from now on; all that are open are reported anew.</summary>
    public IReadOnlyList<int> WatchedPorts { get; init => field = value ?? []; } = [];

    /// <summary>The payload: a JSON object.</summary>
    public byte[] Encode() => GuestJson.Encode(Write);

    /// <summary>Reads a payload; false when it is none.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out GuestRestore? restore) =>
        GuestJson.TryDecode(payload, Read, out restore);

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteNumber("unix_nanoseconds"u8, UnixNanoseconds);
        writer.WriteBase64String("entropy"u8, Entropy);
        if (Identity is { } identity)
        {
            writer.WriteStartObject("identity"u8);
            identity.Write(writer);
            writer.WriteEndObject();
        }

        writer.WriteTicket("fork_ticket"u8, ForkTicket);
        writer.WriteTicket("template_ticket"u8, TemplateTicket);
        writer.WriteList("watched_ports"u8, WatchedPorts);
    }

    private static GuestRestore Read(ref Utf8JsonReader reader)
    {
        reader.Expect(JsonTokenType.StartObject);
        var time = 0L;
        byte[]? entropy = null;
        GuestIdentity? identity = null;
        uint? fork = null, template = null;
        List<int>? ports = null;
        while (reader.NextMember(out var name))
        {
            switch (name)
            {
                case "unix_nanoseconds": time = reader.GetInt64(); break;
                case "entropy": entropy = reader.TokenType == JsonTokenType.Null ? null : reader.GetBytesFromBase64(); break;
                case "identity": identity = GuestJson.OrNull(ref reader, GuestIdentity.Read); break;
                case "fork_ticket": fork = GuestJson.Ticket(ref reader); break;
                case "template_ticket": template = GuestJson.Ticket(ref reader); break;
                case "watched_ports": ports = GuestJson.List(ref reader, GuestJson.Number); break;
                default: reader.Skip(); break;
            }
        }

        return new GuestRestore
        {
            UnixNanoseconds = time,
            Entropy = entropy ?? [],
            Identity = identity,
            ForkTicket = fork,
            TemplateTicket = template,
            WatchedPorts = ports ?? [],
        };
    }
}
