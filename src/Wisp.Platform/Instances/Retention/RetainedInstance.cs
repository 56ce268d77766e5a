using Wisp.Gateway;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Records;

namespace Wisp.Platform.Instances.Retention;

/// <summary>What is durable of a deleted instance that can still be looked at.</summary>
internal sealed record RetainedInstance
{
    /// <summary>What it was, without what became free as it was deleted.</summary>
    public required InstanceRecord Instance { get; init; }

    /// <summary>When it goes for good.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>Requests and connections that it served.</summary>
    public long Served { get; init; }

    /// <summary>How many of its wakes are in each bucket of <see cref="Latencies"/>.</summary>
    public IReadOnlyList<long> Wakes { get; init => field = value ?? []; } = [];

    /// <summary>How long its wakes took together.</summary>
    public TimeSpan WakeTime { get; init; }

    /// <summary>The instance as it is shown. Its address is somebody else's by now, perhaps.</summary>
    public InstanceView View() => InstanceSupervisor.ViewOf(Instance) with { State = InstanceState.Deleted, RetainedUntil = Until };

    /// <summary>What it used and served.</summary>
    public InstanceMeasurements Measure() => new(View(), Machine: null, Traffic: null, Open: 0, Held: 0, Served, new Latencies(Wakes, WakeTime));

    /// <summary>The error of everything that would change it.</summary>
    public WispError Refuse() => new(
        ErrorCode.WrongState,
        $"Instance '{Instance.Name}' is deleted and only kept to be looked at.",
        $"Make a new one; or remove this one for good: wisp instances delete {Instance.Uuid}");
}
