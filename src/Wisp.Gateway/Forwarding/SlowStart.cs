namespace Wisp.Gateway.Forwarding;

/// <summary>
/// Lets those go on that waited for the same wake: one at first, two more with every answer, and twice as many every few milliseconds
/// whether there are answers or not. All at once, each would open a connection of its own to a guest whose caches are cold, although the
/// first connections could soon carry the rest.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class SlowStart(TimeProvider time)
{
    // An application that answers in less is let grow by its answers; for one that takes long, a thousand have gone on after ten steps.
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    // On a busy node it takes a while until all of them have heard that they may go on.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(200);

    private readonly long _from = time.GetTimestamp();
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = [];
    private int _free = 1;
    private int _admitted;
    private bool _isOver;

    /// <summary>Whether it has been long enough ago: then answers need not be told of any more.</summary>
    public bool IsOver => Volatile.Read(ref _isOver) || time.GetElapsedTime(_from) >= Longest;

    /// <summary>Waits for its turn, in the order of the calls.</summary>
    /// <param name="aborted">Gives up the turn.</param>
    public Task GoOnAsync(CancellationToken aborted)
    {
        TaskCompletionSource turn;
        lock (_gate)
        {
            if (_isOver || (_free > 0 && _waiting.Count == 0))
            {
                _free--;
                if (_admitted++ == 0)
                {
                    _ = GrowAsync();
                }

                return Task.CompletedTask;
            }

            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
        }

        // Who gives up leaves a turn behind that is nobody's; the next step makes up for it.
        return turn.Task.WaitAsync(aborted);
    }

    /// <summary>One has been answered.</summary>
    public void Answered()
    {
        lock (_gate)
        {
            Admit(2);
        }
    }

    private async Task GrowAsync()
    {
        while (!_isOver)
        {
            await Task.Delay(Step, time);
            lock (_gate)
            {
                Admit(_admitted);
                _isOver = _waiting.Count == 0 && time.GetElapsedTime(_from) >= Longest;
            }
        }
    }

    private void Admit(int more)
    {
        _free += more;
        while (_free > 0 && _waiting.TryDequeue(out var next))
        {
            _free--;
            _admitted++;
            next.SetResult();
        }

        // What nobody wanted is not saved up.
        _free = Math.Min(_free, 2);
    }
}
