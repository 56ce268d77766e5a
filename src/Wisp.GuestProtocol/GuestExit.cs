using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Wisp.GuestProtocol;

/// <summary>How an entrypoint ended.</summary>
public sealed record GuestExit
{
    /// <summary>
    /// Exit code as a shell shows it: 0–255; 128 + n when signal n ended it; 126 not executable, 127 not found (Docker's codes).
    /// </summary>
    public required int ExitCode { get; init; }

    /// <summary>The signal that ended it, or null.</summary>
    public int? Signal { get; init; }

    /// <summary>True when the guest's kernel killed it because memory ran out.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>Why it could not be started at all, in words; null when it ran.</summary>
    public string? StartFailure { get; init; }

    /// <summary>The payload: a JSON object.</summary>
    public byte[] Encode() => GuestJson.Encode(Write);

    /// <summary>Reads a payload; false when it is none.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out GuestExit? exit) =>
        GuestJson.TryDecode(payload, Read, out exit);

    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteNumber("exit_code"u8, ExitCode);
        if (Signal is { } signal)
        {
            writer.WriteNumber("signal"u8, signal);
        }

        writer.WriteBoolean("out_of_memory"u8, OutOfMemory);
        writer.WriteText("start_failure"u8, StartFailure);
    }

    internal static GuestExit Read(ref Utf8JsonReader reader)
    {
        reader.Expect(JsonTokenType.StartObject);
        int? exitCode = null, signal = null;
        var outOfMemory = false;
        string? startFailure = null;
        while (reader.NextMember(out var name))
        {
            switch (name)
            {
                case "exit_code": exitCode = reader.GetInt32(); break;
                case "signal": signal = reader.TokenType == JsonTokenType.Null ? null : reader.GetInt32(); break;
                case "out_of_memory": outOfMemory = reader.GetBoolean(); break;
                case "start_failure": startFailure = reader.GetString(); break;
                default: reader.Skip(); break;
            }
        }

        return new GuestExit
        {
            ExitCode = exitCode ?? throw new JsonException(),
            Signal = signal,
            OutOfMemory = outOfMemory,
            StartFailure = startFailure,
        };
    }
}
