namespace Wisp.Contracts.Operations;

/// <summary>Whose API an operation belongs to.</summary>
public enum OperationPlane
{
    /// <summary>The platform API: what happens in one metro.</summary>
    Platform,
    /// <summary>The control plane: accounts, metros, nodes. A server of one's own answers it on the same port.</summary>
    ControlPlane,
    /// <summary>Wisp's own.</summary>
    Wisp,
}
