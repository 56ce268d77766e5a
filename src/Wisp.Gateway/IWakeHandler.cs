namespace Wisp.Gateway;

/// <summary>How the data path asks for a sleeping backend. Implemented by the platform.</summary>
public interface IWakeHandler
{
    /// <summary>
    /// Brings the backend to where it accepts connections. Called by the gateway once per sleep however many requests wait
    /// (single flight); when it returns success the backend's state is <see cref="BackendState.Awake"/>.
    /// </summary>
    /// <returns>Success, or the reason a user should read: why this instance cannot be woken.</returns>
    Task<Result> WakeAsync(CancellationToken cancellation);
}
