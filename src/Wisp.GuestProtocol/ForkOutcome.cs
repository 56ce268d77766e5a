using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Wisp.GuestProtocol;

/// <summary>What became of a fork, as its parent hears it.</summary>
public sealed record ForkOutcome
{
    /// <summary>The ticket of the request.</summary>
    public required uint Ticket { get; init; }

    /// <summary>The child; null when there is none.</summary>
    public Guid? Uuid { get; init; }

    /// <summary>What the application's write fails with (errno, e.g. 5 EIO, 11 EAGAIN, 16 EBUSY); 0 when there is a child.</summary>
    public int Errno { get; init; }

    /// <summary>The payload: a JSON object.</summary>
    public byte[] Encode() => GuestJson.Encode(Write);

    /// <summary>Reads a payload; false when it is none.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out ForkOutcome? outcome) =>
        GuestJson.TryDecode(payload, Read, out outcome);

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteNumber("ticket"u8, Ticket);
        if (Uuid is { } uuid)
        {
            writer.WriteString("uuid"u8, uuid);
        }

        writer.WriteNumber("errno"u8, Errno);
    }

    private static ForkOutcome Read(ref Utf8JsonReader reader)
    {
        reader.Expect(JsonTokenType.StartObject);
        uint? ticket = null;
        Guid? uuid = null;
        var errno = 0;
        while (reader.NextMember(out var name))
        {
            switch (name)
            {
                case "ticket": ticket = reader.GetUInt32(); break;
                case "uuid": uuid = reader.TokenType == JsonTokenType.Null ? null : reader.GetGuid(); break;
                case "errno": errno = reader.GetInt32(); break;
                default: reader.Skip(); break;
            }
        }

        return new ForkOutcome { Ticket = ticket ?? throw new JsonException(), Uuid = uuid, Errno = errno };
    }
}
