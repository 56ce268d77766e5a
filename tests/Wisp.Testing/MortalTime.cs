namespace Wisp.Testing;

/// <summary>The clock as one daemon sees it: when that is killed, none of its timers goes off any more.</summary>
internal sealed class MortalTime(TimeProvider time) : TimeProvider
{
    private volatile bool _dead;

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override long GetTimestamp() => time.GetTimestamp();

    public void Kill() => _dead = true;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(
        given =>
        {
            if (!_dead)
            {
                callback(given);
            }
        },
        state, dueTime, period);
}
