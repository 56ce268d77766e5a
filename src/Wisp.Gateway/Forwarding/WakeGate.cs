using Wisp.Gateway.Observing;

namespace Wisp.Gateway.Forwarding;

/// <summary>Holds a request or connection until its backend is awake, or the deadline is over.</summary>
internal static class WakeGate
{
    /// <summary>Brings the backend to where it takes traffic. Only for who has entered it.</summary>
    /// <returns>What it took; or why it cannot be.</returns>
    public static Task<Result<WakeTiming>> PassAsync(Backend backend, Route route, TimeProvider time, CancellationToken aborted) =>
        PassAsync(backend, $"Instance '{backend.Name}' of service '{route.ServiceName}'", route.HoldDeadline, route.Traffic, time, aborted);

    /// <summary>The same, of an instance by itself.</summary>
    public static Task<Result<WakeTiming>> PassAsync(Backend backend, TimeSpan hold, TimeProvider time, CancellationToken aborted) =>
        PassAsync(backend, $"Instance '{backend.Name}'", hold, null, time, aborted);

    private static async Task<Result<WakeTiming>> PassAsync(Backend backend, string who, TimeSpan hold, ServiceTraffic? traffic, TimeProvider time, CancellationToken aborted)
    {
        var from = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(hold, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, aborted);
        traffic?.Hold();
        try
        {
            var woken = await backend.WakeAsync(either.Token, traffic?.Wakes);
            return woken.Failed(out var error)
                ? error
                : new WakeTiming(time.GetElapsedTime(from), backend.LastWake, backend.Wakes);
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            return new WispError(
                ErrorCode.TimedOut,
                $"{who} was not ready within {hold.TotalSeconds:0.###} s.",
                $"Look at 'wisp instances logs {backend.Name}'.",
                "wait-timeout");
        }
        finally
        {
            traffic?.Release(time.GetElapsedTime(from));
        }
    }
}
