using Wisp.Platform.Instances;

namespace Wisp.Platform.Records;

/// <summary>What a machine is made with. While one exists, changes of it are gathered here and wait for its end.</summary>
internal sealed record InstanceDefinition(
    string ImageName, string ImageDigest, int MemoryMb, int Vcpus, IReadOnlyList<string>? Args, IReadOnlyDictionary<string, string>? Env, string Hostname, ScaleToZero ScaleToZero)
{
    /// <summary>That of an instance as it is now.</summary>
    public static InstanceDefinition Of(InstanceRecord record) => new(
        record.ImageName, record.ImageDigest, record.MemoryMb, record.Vcpus, record.Args, record.Env, record.Hostname, record.ScaleToZero);

    /// <summary>An instance with this definition.</summary>
    public InstanceRecord ApplyTo(InstanceRecord record) => record with
    {
        ImageName = ImageName,
        ImageDigest = ImageDigest,
        MemoryMb = MemoryMb,
        Vcpus = Vcpus,
        Args = Args,
        Env = Env,
        Hostname = Hostname,
        ScaleToZero = ScaleToZero,
        Next = null,
        Updates = [],
    };
}
