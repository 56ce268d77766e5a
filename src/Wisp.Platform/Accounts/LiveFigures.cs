using Wisp.Platform.Records;

namespace Wisp.Platform.Accounts;

/// <summary>What machines take that start, run, drain or stop.</summary>
/// <param name="Instances">How many there are.</param>
/// <param name="Vcpus">Their virtual CPUs.</param>
/// <param name="MemoryMb">Their RAM in MiB.</param>
internal sealed record LiveFigures(int Instances, int Vcpus, long MemoryMb)
{
    /// <summary>Nothing.</summary>
    public static LiveFigures None { get; } = new(0, 0, 0);

    /// <summary>What the machine of an instance takes.</summary>
    public static LiveFigures Of(InstanceRecord instance) => new(1, instance.Vcpus, instance.MemoryMb);

    public static LiveFigures operator +(LiveFigures one, LiveFigures other) =>
        new(one.Instances + other.Instances, one.Vcpus + other.Vcpus, one.MemoryMb + other.MemoryMb);

    public static LiveFigures operator -(LiveFigures figures) => new(-figures.Instances, -figures.Vcpus, -figures.MemoryMb);
}
