using Wisp.Layout;

namespace Wisp.Machines.Qemu;

/// <summary>Settings of the QEMU engine.</summary>
public sealed record QemuEngineOptions
{
    /// <summary>The VMM.</summary>
    public string Program { get; init; } = "/usr/bin/qemu-system-x86_64";

    /// <summary>Where control groups are mounted.</summary>
    public string CgroupRoot { get; init; } = "/sys/fs/cgroup";

    /// <summary>Where the accelerator's measurement is remembered.</summary>
    public string ProbeCache { get; init; } = Path.Combine(DataDirectory.CacheDirectory, "accelerator.json");

    /// <summary>Accelerator to use unmeasured: <c>WISP_ACCELERATOR</c>.</summary>
    public string? ForcedAccelerator { get; init; } = Environment.GetEnvironmentVariable("WISP_ACCELERATOR");

    /// <summary>How long a VMM may take to answer at all.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(20);
}
