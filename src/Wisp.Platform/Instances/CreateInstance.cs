using Wisp.Platform.Frozen;
using Wisp.Platform.Schedules;
using Wisp.Platform.Services;

namespace Wisp.Platform.Instances;

/// <summary>
/// A request for a new instance as the caller wrote it. Shape is checked by the API, meaning (ranges, names, conflicts,
/// references) by <see cref="IInstanceService.CreateAsync"/>. Null means "not given".
/// </summary>
public sealed record CreateInstance
{
    /// <summary>Name; generated when null.</summary>
    public string? Name { get; init; }

    /// <summary>Image reference. Exactly one of this and the next four is given.</summary>
    public string? Image { get; init; }

    /// <summary>A template to begin from.</summary>
    public ResourceRef? Template { get; init; }

    /// <summary>A template to begin from that is made when it is not there.</summary>
    public OnDemandTemplate? OnDemand { get; init; }

    /// <summary>A checkpoint to begin from.</summary>
    public ResourceRef? Checkpoint { get; init; }

    /// <summary>An instance to begin from as it is now.</summary>
    public ResourceRef? BranchFrom { get; init; }

    /// <summary>Arguments in place of the image's CMD.</summary>
    public IReadOnlyList<string>? Args { get; init; }

    /// <summary>Environment over the image's.</summary>
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    /// <summary>RAM in MiB; default 128.</summary>
    public long? MemoryMb { get; init; }

    /// <summary>Virtual CPUs; default 1.</summary>
    public long? Vcpus { get; init; }

    /// <summary>An existing service group to join.</summary>
    public ResourceRef? ServiceGroup { get; init; }

    /// <summary>A new, ephemeral service group to make; not together with <see cref="ServiceGroup"/>.</summary>
    public CreateServiceGroup? NewServiceGroup { get; init; }

    /// <summary>Start it at once.</summary>
    public bool Autostart { get; init; }

    /// <summary>How many more than one.</summary>
    public long Replicas { get; init; }

    /// <summary>Restart policy; default never.</summary>
    public RestartPolicy? RestartPolicy { get; init; }

    /// <summary>Scale-to-zero settings; needs a service group unless off.</summary>
    public ScaleToZero? ScaleToZero { get; init; }

    /// <summary>Seconds to wait for running; 0 does not wait, -1 is the platform's maximum.</summary>
    public long TimeoutS { get; init; }

    /// <summary>True removes the instance when it stops (<c>features: ["delete-on-stop"]</c>).</summary>
    public bool DeleteOnStop { get; init; }

    /// <summary>Labels; at most 16.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Labels with values; at most 256. Over those of what it begins from.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>How long after it stopped it is deleted; null never, or as what it begins from says.</summary>
    public TimeSpan? Autokill { get; init; }

    /// <summary>What is done with it by the calendar; at most 16. Null is nothing, or as what it begins from says.</summary>
    public IReadOnlyList<Schedule>? Schedules { get; init; }

    /// <summary>The instances that are started before it; at most 16.</summary>
    public IReadOnlyList<ResourceRef>? Dependencies { get; init; }

    /// <summary>Its share of the processors.</summary>
    public SchedulingPriority Priority { get; init; }

    /// <summary>Host name; default the instance's name.</summary>
    public string? Hostname { get; init; }

    /// <summary>What a generated name begins with; null is the image's name.</summary>
    internal string? Family { get; init; }

    /// <summary>True for one that autoscale makes: it goes when autoscale says so, and nobody else changes it.</summary>
    internal bool IsAutoscaled { get; init; }

    /// <summary>Every start boots: it neither uses a boot snapshot nor makes one.</summary>
    public bool Cold { get; init; }
}
