namespace Wisp.Snapshots.Catalogue;

/// <summary>What is in the store, and what is being made. Readers take an immutable state and need no lock.</summary>
internal sealed class SnapshotCatalogue
{
    private readonly Lock _change = new();
    private CatalogueState _state = CatalogueState.Empty;

    public CatalogueState State => Volatile.Read(ref _state);

    public void Put(Guid uuid, SnapshotRecord record) => Change(state => state with { Records = state.Records.SetItem(uuid, record) });

    /// <summary>Keeps layers for a draft.</summary>
    /// <returns>Null, or the layer that does not exist; then nothing is kept.</returns>
    public Guid? Hold(Guid draft, IReadOnlyList<Guid> layers)
    {
        Guid? missing = null;
        Change(state =>
        {
            foreach (var layer in layers)
            {
                if (!state.Records.ContainsKey(layer))
                {
                    missing = layer;
                    return state;
                }
            }

            return state with { Drafts = state.Drafts.SetItem(draft, [.. layers]) };
        });
        return missing;
    }

    public void Release(Guid draft) => Change(state => state with { Drafts = state.Drafts.Remove(draft) });

    /// <summary>Takes records out, chosen while nothing else can change; whoever takes them deletes their directories.</summary>
    public IReadOnlyList<SnapshotRecord> Take(Func<CatalogueState, IReadOnlyList<Guid>> choose)
    {
        IReadOnlyList<SnapshotRecord> taken = [];
        Change(state =>
        {
            var chosen = choose(state);
            taken = [.. chosen.Select(uuid => state.Records[uuid])];
            return state with { Records = state.Records.RemoveRange(chosen) };
        });
        return taken;
    }

    private void Change(Func<CatalogueState, CatalogueState> change)
    {
        lock (_change)
        {
            Volatile.Write(ref _state, change(_state));
        }
    }
}
