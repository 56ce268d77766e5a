namespace Wisp.Platform.Autoscale;

/// <summary>Instances that autoscale made and that ended by themselves soon after: the next are not made at once, and ever later. Pure.</summary>
/// <param name="Count">How many times in a row; those that were made together are one.</param>
/// <param name="At">When the last of them ended.</param>
internal readonly record struct Crashes(int Count, DateTimeOffset At)
{
    /// <summary>Who lived so long before it ended was well.</summary>
    public static readonly TimeSpan WellAfter = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>How long after the last of them none is made.</summary>
    public TimeSpan Pause => Count == 0 ? TimeSpan.Zero
        : FirstPause.TotalSeconds * Math.Pow(2, Count - 1) is var seconds && seconds < LongestPause.TotalSeconds ? TimeSpan.FromSeconds(seconds)
        : LongestPause;

    /// <summary>True while none is made.</summary>
    public bool Forbid(DateTimeOffset now) => Count > 0 && now - At < Pause;

    /// <summary>With one more that ended.</summary>
    /// <param name="madeAt">When it was made.</param>
    /// <param name="endedAt">When it ended.</param>
    public Crashes And(DateTimeOffset madeAt, DateTimeOffset endedAt)
    {
        var at = Count > 0 && At > endedAt ? At : endedAt;
        return endedAt - madeAt >= WellAfter ? this
            : Count > 0 && madeAt <= At ? new Crashes(Count, at)
            // For a while after the pause all was well.
            : Count > 0 && madeAt - At < Pause + WellAfter ? new Crashes(Count + 1, at)
            : new Crashes(1, at);
    }
}
