using Wisp.State;

namespace Wisp.Testing;

/// <summary>The store as one daemon sees it: when that is killed, what it still writes is never written.</summary>
internal sealed class MortalStore(IStateStore store) : IStateStore
{
    private readonly TaskCompletionSource _never = new();
    private volatile bool _dead;

    public void Kill() => _dead = true;

    public ValueTask<StateEntry?> GetAsync(string key, CancellationToken cancellation) => store.GetAsync(key, cancellation);

    public ValueTask<IReadOnlyList<StateEntry>> ListAsync(string prefix, CancellationToken cancellation) => store.ListAsync(prefix, cancellation);

    public async ValueTask<Result<long>> CommitAsync(IReadOnlyList<StateChange> changes, CancellationToken cancellation)
    {
        if (_dead)
        {
            await _never.Task;
        }

        return await store.CommitAsync(changes, cancellation);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
