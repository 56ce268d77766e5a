namespace Wisp.Platform.Certificates;

/// <summary>When certificates are asked for. Pure.</summary>
internal static class IssueTimes
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan LeastRest = TimeSpan.FromHours(1);

    /// <summary>How long to wait after an attempt that failed: a minute, then twice as long each time, an hour at most.</summary>
    /// <param name="attempt">How many have failed.</param>
    /// <param name="told">How long the authority wants not to be asked; it is heeded however long that is.</param>
    public static TimeSpan After(int attempt, TimeSpan? told)
    {
        var pause = FirstPause * (1 << Math.Clamp(attempt - 1, 0, 6));
        pause = pause < LongestPause ? pause : LongestPause;
        return told > pause ? told.Value : pause;
    }

    /// <summary>
    /// When one is renewed: with a third of its life left or, by its id, up to a twentieth of its life earlier, so that what was issued on one
    /// day is not renewed within one hour.
    /// </summary>
    public static DateTimeOffset Renewal(Guid certificate, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        var life = notAfter - notBefore;
        return notAfter - (life / 3) - (life / 20 * (certificate.ToByteArray()[0] / 256.0));
    }
    /// <summary>
    /// When one that was just issued is renewed: as above, but whatever the clocks say not within an hour, or a third of its life where that is
    /// shorter.
    /// </summary>
    public static DateTimeOffset Next(Guid certificate, DateTimeOffset notBefore, DateTimeOffset notAfter, DateTimeOffset now)
    {
        var renewal = Renewal(certificate, notBefore, notAfter);
        var third = (notAfter - notBefore) / 3;
        var soonest = now + (third < LeastRest ? third : LeastRest);
        return renewal > soonest ? renewal : soonest;
    }
}
