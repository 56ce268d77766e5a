using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Wisp.Machines.Tests.Support;

/// <summary>A clock that is set by the test and says who has begun to wait for it: advanced too early, it would be waited for without end.</summary>
internal sealed class HeardTime : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public HeardTime()
        : base(DateTimeOffset.UnixEpoch.AddYears(60))
    {
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until somebody waits for so long, and lets that time pass.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        while (await _timers.Reader.ReadAsync(TestContext.Current.CancellationToken) != time)
        {
        }

        Advance(time);
    }
}
