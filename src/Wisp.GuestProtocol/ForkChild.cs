using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Wisp.GuestProtocol;

/// <summary>How a fork's child stands: what its parent shows as <c>/uk/libukp/vm/&lt;uuid&gt;/</c>.</summary>
public sealed record ForkChild
{
    /// <summary>The child.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>The snapshot it was made from, as the file shows it.</summary>
    public string Snapshot { get; init => field = value ?? ""; } = "";

    /// <summary>When it was made (RFC 3339), as the file shows it.</summary>
    public string CreationTime { get; init => field = value ?? ""; } = "";

    /// <summary>Starting, Running, Standby, Stopped, Template and so on, as the file shows it.</summary>
    public string Status { get; init => field = value ?? ""; } = "";

    /// <summary>How it ended; null while it has not.</summary>
    public int? ExitCode { get; init; }

    /// <summary>True once it no longer exists: handles on it are stale.</summary>
    public bool Gone { get; init; }

    /// <summary>The payload: a JSON object.</summary>
    public byte[] Encode() => GuestJson.Encode(Write);

    /// <summary>Reads a payload; false when it is none.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out ForkChild? child) =>
        GuestJson.TryDecode(payload, Read, out child);

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("uuid"u8, Uuid);
        writer.WriteString("snapshot"u8, Snapshot);
        writer.WriteString("creation_time"u8, CreationTime);
        writer.WriteString("status"u8, Status);
        if (ExitCode is { } code)
        {
            writer.WriteNumber("exit_code"u8, code);
        }

        writer.WriteBoolean("gone"u8, Gone);
    }

    private static ForkChild Read(ref Utf8JsonReader reader)
    {
        reader.Expect(JsonTokenType.StartObject);
        Guid? uuid = null;
        string? snapshot = null, created = null, status = null;
        int? exitCode = null;
        var gone = false;
        while (reader.NextMember(out var name))
        {
            switch (name)
            {
                case "uuid": uuid = reader.GetGuid(); break;
                case "snapshot": snapshot = reader.GetString(); break;
                case "creation_time": created = reader.GetString(); break;
                case "status": status = reader.GetString(); break;
                case "exit_code": exitCode = reader.TokenType == JsonTokenType.Null ? null : reader.GetInt32(); break;
                case "gone": gone = reader.GetBoolean(); break;
                default: reader.Skip(); break;
            }
        }

        return new ForkChild
        {
            Uuid = uuid ?? throw new JsonException(),
            Snapshot = snapshot ?? "",
            CreationTime = created ?? "",
            Status = status ?? "",
            ExitCode = exitCode,
            Gone = gone,
        };
    }
}
