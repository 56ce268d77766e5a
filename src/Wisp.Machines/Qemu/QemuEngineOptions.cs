using Wisp.Layout;

namespace Wisp.Machines.Qemu;

/// <summary>Settings of the QEMU engine.</summary>
public sealed record QemuEngineOptions
{
    /// <summary>Where VMMs are that have no guest yet. On the same filesystem as the machines' directories.</summary>
    public required string VmmDirectory { get; init; }

    /// <summary>First of the users that VMMs run as.</summary>
    public required int FirstUserId { get; init; }

    /// <summary>How many such users there are.</summary>
    public int UserIds { get; init; } = 4096;

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

    /// <summary>How many VMMs without a guest are kept at most; 0 keeps none. Each takes some 30 MiB.</summary>
    public int MostBlanks { get; init; } = 8;
}
