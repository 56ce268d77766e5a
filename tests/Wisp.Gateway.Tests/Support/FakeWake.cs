namespace Wisp.Gateway.Tests.Support;

/// <summary>A platform that wakes its one backend as the test says.</summary>
internal sealed class FakeWake : IWakeHandler
{
    private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    /// <summary>The one that is woken.</summary>
    public Backend? Backend { get; set; }

    /// <summary>What a wake does before the backend is awake.</summary>
    public Func<CancellationToken, Task<Result>> Act { get; set; } = _ => Task.FromResult(Result.Success);

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Done as soon as the first wake is asked for.</summary>
    public Task Called => _called.Task;

    public async Task<Result> WakeAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _calls);
        _called.TrySetResult();
        // A real wake does not come to its end inside the call.
        await Task.Yield();
        var result = await Act(cancellation);
        if (result.IsSuccess)
        {
            Backend!.SetAwake();
        }

        return result;
    }
}
