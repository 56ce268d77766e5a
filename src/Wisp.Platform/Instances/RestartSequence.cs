namespace Wisp.Platform.Instances;

/// <summary>When the restart policy starts an instance again: at once, then after 5, 10, 20, 40 … s, at most 5 min. Pure.</summary>
internal static class RestartSequence
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Running this long ends a sequence.</summary>
    public static readonly TimeSpan Healthy = TimeSpan.FromSeconds(10);

    /// <summary>Whether the policy wants a restart after this end.</summary>
    public static bool Wants(RestartPolicy policy, Records.StopInfo stop) => policy switch
    {
        RestartPolicy.Always => true,
        RestartPolicy.OnFailure => stop.ExitCode is not 0,
        _ => false,
    };

    /// <summary>The delay before an attempt; the first is number 1.</summary>
    public static TimeSpan DelayBefore(int attempt) =>
        attempt <= 1
            ? TimeSpan.Zero
            : TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(attempt - 2, 10)));
}
