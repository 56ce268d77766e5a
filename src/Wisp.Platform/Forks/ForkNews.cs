using Wisp.GuestProtocol;

namespace Wisp.Platform.Forks;

/// <summary>What a parent has still to hear of its children, in order. Thread-safe.</summary>
/// <param name="life">The parent's life that forked them.</param>
internal sealed class ForkNews(int life)
{
    private readonly Lock _gate = new();
    private readonly List<ForkChild> _waiting = [];
    private TaskCompletionSource? _serving;
    private bool _again;

    /// <summary>The parent's life that forked them: no later one has heard of them.</summary>
    public int Life => life;

    /// <summary>Completes when nobody is telling it anything.</summary>
    public Task Served
    {
        get
        {
            lock (_gate)
            {
                return _serving?.Task ?? Task.CompletedTask;
            }
        }
    }

    /// <summary>One more thing to tell.</summary>
    public void Add(ForkChild child)
    {
        lock (_gate)
        {
            _waiting.Add(child);
        }
    }

    /// <summary>True for whoever has to tell it now: one at a time, and only when there is something to tell.</summary>
    public bool TryServe()
    {
        lock (_gate)
        {
            if (_serving is not null || _waiting.Count == 0)
            {
                // Whoever tells it now may have found that it cannot be told, a moment before it could be.
                _again = _serving is not null;
                return false;
            }

            _again = false;
            _serving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return true;
        }
    }

    /// <summary>What to tell next; null when that was all.</summary>
    public ForkChild? Next()
    {
        lock (_gate)
        {
            if (_waiting is [var first, ..])
            {
                return first;
            }

            End();
            return null;
        }
    }

    /// <summary>It was told.</summary>
    public void Told()
    {
        lock (_gate)
        {
            _waiting.RemoveAt(0);
        }
    }

    /// <summary>It cannot be told now. Of each child only the last word is kept, so that a long sleep costs no memory.</summary>
    /// <returns>False when somebody would have told it meanwhile: then it may be possible now, and has to be tried again.</returns>
    public bool TryRest()
    {
        lock (_gate)
        {
            if (_again)
            {
                _again = false;
                return false;
            }

            var last = _waiting.Select((child, index) => (child.Uuid, index)).GroupBy(entry => entry.Uuid).Select(entries => entries.Max(entry => entry.index)).ToHashSet();
            var kept = _waiting.Where((_, index) => last.Contains(index)).ToArray();
            _waiting.Clear();
            _waiting.AddRange(kept);
            End();
            return true;
        }
    }

    private void End()
    {
        _serving?.SetResult();
        _serving = null;
    }
}
