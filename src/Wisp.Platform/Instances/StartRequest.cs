using Wisp.GuestProtocol;

namespace Wisp.Platform.Instances;

/// <summary>How one start is meant.</summary>
internal sealed record StartRequest
{
    /// <summary>As the instance's definition says.</summary>
    public static StartRequest Usual { get; } = new();

    /// <summary>Boots, whatever could be restored; a state that it sleeps in is dropped.</summary>
    public bool Cold { get; init; }

    /// <summary>What must run before it.</summary>
    public IReadOnlyList<Supervision.InstanceSupervisor> After { get; init; } = [];

    /// <summary>What a machine that is restored from <see cref="Records.InstanceRecord.Origin"/> is told: the ticket of its fork or template.</summary>
    public GuestRestore Extras { get; init; } = new();
}
