using Wisp.Platform.Instances;

namespace Wisp.Platform.Frozen;

/// <summary>
/// Templates and checkpoints: instances that stand still and that others begin from (<see cref="CreateInstance.Template"/>,
/// <see cref="CreateInstance.Checkpoint"/>). Thread-safe. A reference that leads nowhere is <see cref="ErrorCode.NotFound"/>
/// ("No template with name '…'").
/// </summary>
public interface IFrozenInstanceService
{
    /// <summary>All of a kind, oldest first.</summary>
    IReadOnlyList<InstanceView> List(FrozenKind kind);

    /// <summary>One of them.</summary>
    Result<InstanceView> Find(FrozenKind kind, ResourceRef reference);

    /// <summary>
    /// Makes a template of an instance, in place: the same uuid and name. It goes out of its service group and is no instance any more.
    /// </summary>
    Task<Result<InstanceView>> ConvertAsync(ConvertToTemplate request, CancellationToken cancellation);

    /// <summary>
    /// Begins a checkpoint of an instance, which goes on. It is there at once, in the state starting; it is done, in the state checkpoint,
    /// when this returns within the request's wait.
    /// </summary>
    Task<Result<InstanceView>> CheckpointAsync(CreateCheckpoint request, CancellationToken cancellation);

    /// <summary>Changes a property.</summary>
    Task<Result<InstanceView>> ChangeAsync(FrozenKind kind, ResourceRef reference, PropertyChange change, CancellationToken cancellation);

    /// <summary>
    /// Deletes one; <see cref="ErrorCode.NotAllowed"/> ("Deletion protection enabled") under a delete lock. What was made from it stays, and
    /// keeps the files that it needs.
    /// </summary>
    Task<Result<InstanceView>> DeleteAsync(FrozenKind kind, ResourceRef reference, CancellationToken cancellation);

    /// <summary>The checkpoints that a checkpoint descends from, newest first.</summary>
    Result<Lineage> HistoryOfCheckpoint(ResourceRef reference);

    /// <summary>The checkpoints that an instance descends from, newest first.</summary>
    Result<Lineage> HistoryOfInstance(ResourceRef reference);
}
