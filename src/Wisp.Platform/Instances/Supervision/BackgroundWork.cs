namespace Wisp.Platform.Instances.Supervision;

/// <summary>Tasks that outlive the call that began them: kept until they end, their failures reported, none forgotten.</summary>
internal sealed class BackgroundWork(Action<Exception> failed) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _running = [];

    /// <summary>Begins a task.</summary>
    public void Begin(Func<Task> work)
    {
        var task = RunAsync(work);
        lock (_gate)
        {
            _running.RemoveWhere(other => other.IsCompleted);
            if (!task.IsCompleted)
            {
                _running.Add(task);
            }
        }
    }

    /// <summary>Waits until all that began has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] left;
        lock (_gate)
        {
            left = [.. _running];
        }

        await Task.WhenAll(left);
    }

    private async Task RunAsync(Func<Task> work)
    {
        // Off the caller's stack: it usually holds the turn that the work will want.
        await Task.Yield();
        try
        {
            await work();
        }
        catch (OperationCanceledException)
        {
            // The work was called off.
        }
        catch (Exception exception)
        {
            failed(exception);
        }
    }
}
