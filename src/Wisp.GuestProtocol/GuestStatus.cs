using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Wisp.GuestProtocol;

/// <summary>What a guest says of itself, so that a host that lost its memory (a restarted wispd) knows all it must.</summary>
public sealed record GuestStatus
{
    /// <summary>How far it has come.</summary>
    public required GuestPhase Phase { get; init; }

    /// <summary>Watched ports that were seen open.</summary>
    public IReadOnlyList<int> OpenPorts { get; init; } = [];

    /// <summary>Watched ports on which something listens, but on the loopback address only: nobody outside can reach them.</summary>
    public IReadOnlyList<int> LoopbackOnlyPorts { get; init; } = [];

    /// <summary>How the entrypoint ended, once it did.</summary>
    public GuestExit? Exit { get; init; }

    /// <summary>Time from kernel start to the agent's first frame, in microseconds of guest time (CLOCK_BOOTTIME).</summary>
    public long BootMicroseconds { get; init; }

    /// <summary>The payload: a JSON object.</summary>
    public byte[] Encode() => Exit is null ? Plain() : GuestJson.Encode(Write);

    /// <summary>Reads a payload; false when it is none.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out GuestStatus? status) =>
        GuestJson.TryDecode(payload, Read, out status);

    // The same by hand, where there is nothing to escape: every clone says it before its application runs, and code that runs for the
    // first time is what an emulated machine is slowest at.
    private byte[] Plain()
    {
        // Names, punctuation and the time take less than 128 bytes; a number and its comma take 12 at most.
        var text = new byte[128 + (12 * (OpenPorts.Count + LoopbackOnlyPorts.Count))];
        var length = 0;
        PlainJson.Add(text, ref length, "{\"phase\":\""u8);
        PlainJson.Add(text, ref length, Phase switch { GuestPhase.Waiting => "Waiting"u8, GuestPhase.Running => "Running"u8, _ => "Exited"u8 });
        PlainJson.Add(text, ref length, "\",\"open_ports\":["u8);
        PlainJson.Add(text, ref length, OpenPorts);
        PlainJson.Add(text, ref length, "],\"loopback_only_ports\":["u8);
        PlainJson.Add(text, ref length, LoopbackOnlyPorts);
        PlainJson.Add(text, ref length, "],\"boot_microseconds\":"u8);
        PlainJson.Add(text, ref length, BootMicroseconds);
        PlainJson.Add(text, ref length, "}"u8);
        return text[..length];
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("phase"u8, Name(Phase));
        writer.WriteList("open_ports"u8, OpenPorts);
        writer.WriteList("loopback_only_ports"u8, LoopbackOnlyPorts);
        if (Exit is { } exit)
        {
            writer.WriteStartObject("exit"u8);
            exit.Write(writer);
            writer.WriteEndObject();
        }

        writer.WriteNumber("boot_microseconds"u8, BootMicroseconds);
    }

    private static GuestStatus Read(ref Utf8JsonReader reader)
    {
        reader.Expect(JsonTokenType.StartObject);
        GuestPhase? phase = null;
        List<int>? open = null, loopback = null;
        GuestExit? exit = null;
        var boot = 0L;
        while (reader.NextMember(out var name))
        {
            switch (name)
            {
                case "phase": phase = ReadPhase(ref reader); break;
                case "open_ports": open = GuestJson.List(ref reader, GuestJson.Number); break;
                case "loopback_only_ports": loopback = GuestJson.List(ref reader, GuestJson.Number); break;
                case "exit": exit = GuestJson.OrNull(ref reader, GuestExit.Read); break;
                case "boot_microseconds": boot = reader.GetInt64(); break;
                default: reader.Skip(); break;
            }
        }

        return new GuestStatus
        {
            Phase = phase ?? throw new JsonException(),
            OpenPorts = open ?? [],
            LoopbackOnlyPorts = loopback ?? [],
            Exit = exit,
            BootMicroseconds = boot,
        };
    }

    // Not Enum.ToString and Parse, which bring reflection with them.
    private static string Name(GuestPhase phase) => phase switch
    {
        GuestPhase.Waiting => nameof(GuestPhase.Waiting),
        GuestPhase.Running => nameof(GuestPhase.Running),
        _ => nameof(GuestPhase.Exited),
    };

    private static GuestPhase ReadPhase(ref Utf8JsonReader reader) => reader.GetString() switch
    {
        nameof(GuestPhase.Waiting) => GuestPhase.Waiting,
        nameof(GuestPhase.Running) => GuestPhase.Running,
        nameof(GuestPhase.Exited) => GuestPhase.Exited,
        _ => throw new JsonException(),
    };
}
