using Wisp.Gateway;

namespace Wisp.Platform.Instances.Sleep;

/// <summary>
/// Admission control for wakes from memory. While there are processors to spare, each is let through at once. While there are not, a few at
/// a time are, and the next when one has answered what waited for it: were all let through together, each would get so small a share of
/// the processors that all answered late.
/// </summary>
/// <param name="atOnce">How many are let through whatever the processors do; at least one.</param>
/// <param name="areContended">Whether anybody waits for a processor.</param>
/// <param name="time">The clock.</param>
internal sealed class WakeAdmission(int atOnce, Func<bool> areContended, TimeProvider time)
{
    // Who is at it for longer has had its turn.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);
    // Nobody waits for longer, whatever the others do; they may be another user's.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    private readonly Lock _gate = new();
    private readonly List<(Backend Backend, long From)> _admitted = [];
    private readonly Queue<(Backend Backend, TaskCompletionSource Turn, long From)> _waiting = [];

    /// <summary>Waits until this one is let through.</summary>
    public Task EnterAsync(Backend backend)
    {
        lock (_gate)
        {
            // Its wake of a moment ago is over: it has slept since.
            _admitted.RemoveAll(one => ReferenceEquals(one.Backend, backend));
            if (_waiting.Count == 0 && HasRoom())
            {
                Admit(backend);
                return Task.CompletedTask;
            }

            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((backend, turn, time.GetTimestamp()));
            if (_waiting.Count == 1)
            {
                _ = LetThroughAsync();
            }

            return turn.Task;
        }
    }

    private async Task LetThroughAsync()
    {
        while (true)
        {
            await Task.Delay(Look, time);
            lock (_gate)
            {
                while (_waiting.TryPeek(out var next) && (time.GetElapsedTime(next.From) >= Patience || HasRoom()))
                {
                    _waiting.Dequeue();
                    Admit(next.Backend);
                    next.Turn.SetResult();
                }

                if (_waiting.Count == 0)
                {
                    return;
                }
            }
        }
    }

    private bool HasRoom()
    {
        if (_admitted.Count >= atOnce)
        {
            _admitted.RemoveAll(one => !one.Backend.IsBusy || time.GetElapsedTime(one.From) >= Longest);
        }

        return _admitted.Count < atOnce || !areContended();
    }

    private void Admit(Backend backend) => _admitted.Add((backend, time.GetTimestamp()));
}
