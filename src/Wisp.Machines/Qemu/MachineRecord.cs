using System.Text.Json;
using System.Text.Json.Serialization;
using Wisp.GuestProtocol;

namespace Wisp.Machines.Qemu;

/// <summary>What the engine keeps of a running machine, so that a later process can take it over.</summary>
internal sealed record MachineRecord
{
    public required Guid Id { get; init; }

    /// <summary>The VMM's process id and start time together; an id alone comes back one day for another process. 0 before it is known.</summary>
    public int Pid { get; init; }
    public long StartTime { get; init; }
    public required string MemoryFile { get; init; }
    public required GuestConfiguration Guest { get; init; }

    /// <summary>Reads a record; null when there is none or it cannot be read.</summary>
    public static MachineRecord? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), MachineRecordJson.Default.MachineRecord);
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes it whole or not at all, for root's eyes: the environment in it may hold secrets.</summary>
    public void Write(string path)
    {
        var temporary = path + ".new";
        using (var file = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            file.Write(JsonSerializer.SerializeToUtf8Bytes(this, MachineRecordJson.Default.MachineRecord));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}

/// <summary>Source-generated JSON of <see cref="MachineRecord"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(MachineRecord))]
internal sealed partial class MachineRecordJson : JsonSerializerContext;
