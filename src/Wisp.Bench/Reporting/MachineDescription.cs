using System.Globalization;
using System.Text.Json.Serialization;
using Wisp.Tools;

namespace Wisp.Bench.Reporting;

/// <summary>What the figures were measured on.</summary>
/// <param name="Cpus">CPUs that may be used.</param>
/// <param name="Model">The processor.</param>
/// <param name="MemoryMib">Memory in MiB.</param>
/// <param name="Kernel">Release of the host's kernel.</param>
/// <param name="Qemu">Version of QEMU.</param>
/// <param name="Dotnet">Version of the runtime.</param>
/// <param name="Load">Load average of the minute before.</param>
internal sealed record MachineDescription(int Cpus, string Model, long MemoryMib, string Kernel, string Qemu, string Dotnet, double Load)
{
    /// <summary>Whether others wanted all of it already, so that times say more of them.</summary>
    [JsonIgnore]
    public bool IsBusy => Load >= Cpus;

    /// <summary>This machine.</summary>
    public static async Task<MachineDescription> ReadAsync(IToolRunner tools, CancellationToken cancellation)
    {
        var qemu = await tools.RunAsync(new ToolCommand("qemu-system-x86_64", "--version"), null, cancellation);
        return new MachineDescription(
            Environment.ProcessorCount,
            Value(await File.ReadAllTextAsync("/proc/cpuinfo", cancellation), "model name"),
            long.Parse(Value(await File.ReadAllTextAsync("/proc/meminfo", cancellation), "MemTotal").Split(' ')[0], CultureInfo.InvariantCulture) / 1024,
            (await File.ReadAllTextAsync("/proc/sys/kernel/osrelease", cancellation)).Trim(),
            qemu.IsSuccess ? QemuVersion(qemu.Value.Stdout) : "unknown",
            Environment.Version.ToString(),
            double.Parse((await File.ReadAllTextAsync("/proc/loadavg", cancellation)).Split(' ')[0], CultureInfo.InvariantCulture));
    }

    /// <summary>The value of the first <c>name : value</c> line. Pure.</summary>
    public static string Value(string text, string name) => text
        .Split('\n')
        .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
        .FirstOrDefault(pair => pair.Length == 2 && pair[0] == name)?[1] ?? "unknown";

    /// <summary><c>7.2.22</c> of <c>QEMU emulator version 7.2.22 (Debian …)</c>. Pure.</summary>
    public static string QemuVersion(string text) =>
        text.Split([' ', '\n']).SkipWhile(word => word != "version").Skip(1).FirstOrDefault() ?? "unknown";
}
