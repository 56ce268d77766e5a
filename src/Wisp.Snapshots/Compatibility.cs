namespace Wisp.Snapshots;

/// <summary>What must be equal for a frozen machine to go on: another engine, processor or kernel would read its state as something else.</summary>
public sealed record Compatibility
{
    /// <summary>The engine, such as <c>qemu</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>The engine's version.</summary>
    public required string EngineVersion { get; init; }

    /// <summary>What executes the guest: <c>kvm</c> or <c>tcg</c>.</summary>
    public required string Accelerator { get; init; }

    /// <summary>The CPU model that the guest saw, with the features that were taken from it.</summary>
    public required string Cpu { get; init; }

    /// <summary>Version number of our device model: it is raised whenever a machine's devices or their order change.</summary>
    public required int Machine { get; init; }

    /// <summary>SHA-256 of the guest's kernel, lower-case hexadecimal.</summary>
    public required string KernelSha256 { get; init; }

    /// <summary>SHA-256 of the guest's initramfs, lower-case hexadecimal.</summary>
    public required string InitramfsSha256 { get; init; }

    /// <summary>Says where this differs from what is wanted, as <c>engine_version is '7.2' and '8.0' is needed</c>; null when it does not.</summary>
    public string? DifferenceFrom(Compatibility wanted)
    {
        (string Name, string Has, string Wants)[] members =
        [
            ("engine", Engine, wanted.Engine),
            ("engine_version", EngineVersion, wanted.EngineVersion),
            ("accelerator", Accelerator, wanted.Accelerator),
            ("cpu", Cpu, wanted.Cpu),
            ("machine", $"{Machine}", $"{wanted.Machine}"),
            ("kernel_sha256", KernelSha256, wanted.KernelSha256),
            ("initramfs_sha256", InitramfsSha256, wanted.InitramfsSha256),
        ];
        var differences = members.Where(member => member.Has != member.Wants).Select(member => $"{member.Name} is '{member.Has}' and '{member.Wants}' is needed");
        return string.Join(", ", differences) is { Length: > 0 } text ? text : null;
    }
}
