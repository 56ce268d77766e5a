namespace Wisp.Platform.Instances;

/// <summary>What an operation did to an instance.</summary>
/// <param name="Uuid">The instance.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">Its state now.</param>
/// <param name="PreviousState">Its state before.</param>
public sealed record InstanceTransition(Guid Uuid, string Name, InstanceState State, InstanceState PreviousState);
