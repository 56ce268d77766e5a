using Wisp.Testing;

namespace Wisp.State.Tests;

/// <summary>The store that other rooms' tests stand on keeps the same promises, so that they test against the truth.</summary>
public sealed class MemoryStateStoreTests : StateStoreContract
{
    private readonly MemoryStateStore _store = new();

    protected override Task<IStateStore> ConnectAsync() => Task.FromResult<IStateStore>(_store);
}
