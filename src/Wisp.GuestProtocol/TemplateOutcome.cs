using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Wisp.GuestProtocol;

/// <summary>Why a machine could not be made a template on its own request.</summary>
public sealed record TemplateOutcome
{
    /// <summary>The ticket of the request.</summary>
    public required uint Ticket { get; init; }

    /// <summary>What the application's write fails with (errno); 0 lets it succeed.</summary>
    public int Errno { get; init; }

    /// <summary>The payload: a JSON object.</summary>
    public byte[] Encode() => GuestJson.Encode(Write);

    /// <summary>Reads a payload; false when it is none.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out TemplateOutcome? outcome) =>
        GuestJson.TryDecode(payload, Read, out outcome);

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteNumber("ticket"u8, Ticket);
        writer.WriteNumber("errno"u8, Errno);
    }

    private static TemplateOutcome Read(ref Utf8JsonReader reader)
    {
        reader.Expect(JsonTokenType.StartObject);
        uint? ticket = null;
        var errno = 0;
        while (reader.NextMember(out var name))
        {
            switch (name)
            {
                case "ticket": ticket = reader.GetUInt32(); break;
                case "errno": errno = reader.GetInt32(); break;
                default: reader.Skip(); break;
            }
        }

        return new TemplateOutcome { Ticket = ticket ?? throw new JsonException(), Errno = errno };
    }
}
