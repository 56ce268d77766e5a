using Wisp.Platform.Records;

namespace Wisp.Platform.Frozen;

/// <summary>What a new instance begins from, where that is not an image. What it needs is kept until this is disposed.</summary>
internal sealed class InstanceOrigin : IAsyncDisposable
{
    /// <summary>The instance whose settings it inherits.</summary>
    public required InstanceRecord Source { get; init; }

    /// <summary>The memory that it goes on from; null when it boots.</summary>
    public Guid? Snapshot { get; init; }

    /// <summary>The write in the guest that made the template: it returns in whoever goes on from that memory.</summary>
    public uint? Ticket { get; init; }

    /// <summary>The template or checkpoint that is used here.</summary>
    public FrozenRecord? Used { get; init; }

    /// <summary>The checkpoints that it descends from, newest first.</summary>
    public IReadOnlyList<Ancestor> Lineage { get; init => field = value ?? []; } = [];

    /// <summary>Keeps a snapshot that nobody else refers to yet.</summary>
    public IAsyncDisposable? Hold { get; init; }

    public ValueTask DisposeAsync() => Hold?.DisposeAsync() ?? ValueTask.CompletedTask;
}
