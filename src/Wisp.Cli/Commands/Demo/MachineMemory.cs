using System.Text.Json;
using Wisp.Bench.Measuring;
using Wisp.Layout;

namespace Wisp.Cli.Commands.Demo;

/// <summary>What a machine of this host occupies.</summary>
internal static class MachineMemory
{
    /// <summary>Resident memory of the machine's process; null where it cannot be looked at.</summary>
    public static double? ResidentMib(DataDirectory data, string uuid)
    {
        try
        {
            using var machine = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(data.Instances, uuid, "machine.json")));
            return ProcessMeter.ResidentMib(machine.RootElement.GetProperty("pid").GetInt32()).Failed(out _, out var resident) ? null : Math.Round(resident, 1);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException)
        {
            return null;
        }
    }
}
