using Wisp.Gateway;

namespace Wisp.Platform.Instances;

/// <summary>
/// Waits until nothing has been in flight for a cooldown. It runs only while an instance is awake, sleeps from one possible
/// moment to the next, and so costs a sleeping instance nothing.
/// </summary>
internal static class IdleWatch
{
    // A cooldown of zero still looks at the count only so often.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns once the backend has been idle for the cooldown.</summary>
    public static async Task UntilIdleAsync(Backend backend, TimeSpan cooldown, TimeProvider time, CancellationToken cancellation)
    {
        while (true)
        {
            var idle = backend.Idle;
            if (idle >= cooldown && !backend.IsBusy)
            {
                return;
            }

            var remaining = cooldown - idle;
            await Task.Delay(remaining > ShortestWait ? remaining : ShortestWait, time, cancellation);
        }
    }
}
