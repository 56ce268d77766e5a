using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Wisp.GuestProtocol;
using Wisp.Machines.Qemu.Vmms;

namespace Wisp.Machines.Qemu;

/// <summary>What the engine keeps of a machine that runs, so that a later process can take it over.</summary>
internal sealed record MachineRecord
{
    public required Guid Id { get; init; }
    public required GuestConfiguration Guest { get; init; }

    /// <summary>Its VMM: what names its control groups and processes where the VMM's own record is lost.</summary>
    public required Guid Vmm { get; init; }

    /// <summary>Where guest RAM is in the VMM, and how long, in bytes.</summary>
    public ulong MemoryAddress { get; init; }
    public long MemoryBytes { get; init; }

    /// <summary>The directories whose layers are kept by others; the rest of what RAM lies on is the machine's own.</summary>
    public IReadOnlyList<string> Kept { get; init => field = value ?? []; } = [];

    /// <summary>What a restored guest has to be told before its first instruction; null once that has run.</summary>
    public GuestRestore? Notice { get; init; }

    public static MachineRecord? Read(string path) => JsonFile.Read(path, MachineRecordJson.Default.MachineRecord);

    public void Write(string path, bool durable) => JsonFile.Write(path, this, MachineRecordJson.Default.MachineRecord, durable);

    /// <summary>Writes it over one that would do; where that fails, says so and leaves the older one.</summary>
    public void Renew(string path, ILogger logger)
    {
        try
        {
            Write(path, durable: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.NotRenewed(Id, exception.Message);
        }
    }
}

/// <summary>Source-generated JSON of what the engine keeps.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(MachineRecord))]
[JsonSerializable(typeof(VmmRecord))]
internal sealed partial class MachineRecordJson : JsonSerializerContext;
