using Wisp.Platform.Instances;

namespace Wisp.Platform.Frozen;

/// <remarks>Those that only instances have. What a machine is made with waits for its next stop.</remarks>
public abstract partial record PropertyChange
{
    /// <summary>The change as the caller wrote it, to be shown while it waits.</summary>
    public GivenChange? Given { get; init; }

    /// <summary>True when a machine that exists cannot take it.</summary>
    public bool NeedsStop => this is SetImage or SetArgs or AddArgs or SetMemory or SetVcpus or SetHostname or SetScaleToZero
        or SetValues { Map: ValueMap.Env } or AddValues { Map: ValueMap.Env } or RemoveValues { Map: ValueMap.Env };

    /// <summary>Another image.</summary>
    public sealed record SetImage(string Reference) : PropertyChange;

    /// <summary>Other arguments; null are the image's.</summary>
    public sealed record SetArgs(IReadOnlyList<string>? Args) : PropertyChange;

    /// <summary>More arguments.</summary>
    public sealed record AddArgs(IReadOnlyList<string> Args) : PropertyChange;

    /// <summary>Other RAM, in MiB.</summary>
    public sealed record SetMemory(long MemoryMb) : PropertyChange;

    /// <summary>Other virtual CPUs.</summary>
    public sealed record SetVcpus(long Vcpus) : PropertyChange;

    /// <summary>Another host name; null is the one that the instance's name makes.</summary>
    public sealed record SetHostname(string? Hostname) : PropertyChange;

    /// <summary>Other settings, where some are named; null are those of an instance that nothing was said of.</summary>
    public sealed record SetScaleToZero(ScaleToZeroChange? Settings) : PropertyChange;

    /// <summary>Another restart policy.</summary>
    public sealed record SetRestartPolicy(RestartPolicy Policy) : PropertyChange;

    /// <summary>Other names and values in place of those it has.</summary>
    public sealed record SetValues(ValueMap Map, IReadOnlyDictionary<string, string> Values) : PropertyChange;

    /// <summary>More names and values; of a name that is there already, the new value.</summary>
    public sealed record AddValues(ValueMap Map, IReadOnlyDictionary<string, string> Values) : PropertyChange;

    /// <summary>Fewer names; null takes them all.</summary>
    public sealed record RemoveValues(ValueMap Map, IReadOnlyList<string>? Names) : PropertyChange;
}
