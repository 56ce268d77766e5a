using Wisp.Platform.Accounts;

namespace Wisp.Platform.Frozen;

/// <summary>Names of templates and checkpoints that are taken before they exist, while their memory is being written.</summary>
internal sealed class FrozenNames(Catalogue catalogue)
{
    private readonly Lock _gate = new();
    private readonly HashSet<(Guid Account, FrozenKind Kind, string Name)> _reserved = [];

    /// <summary>Takes a name until it is disposed; by then there is a record with it, or nothing came of it.</summary>
    public Result<Reservation> Reserve(Guid account, FrozenKind kind, string name)
    {
        lock (_gate)
        {
            return !new AccountView(catalogue, account).FindFrozen(kind, ResourceRef.To(name)).IsSuccess && _reserved.Add((account, kind, name))
                ? new Reservation(this, account, kind, name)
                : new WispError(
                    ErrorCode.AlreadyExists,
                    $"A {kind.ToString().ToLowerInvariant()} with the name '{name}' already exists",
                    "Choose another name, or delete that one.");
        }
    }

    /// <summary>How many instances of an account are about to be templates: they count as such.</summary>
    public int Converting(Guid account)
    {
        var owned = new AccountView(catalogue, account);
        lock (_gate)
        {
            return _reserved.Count(taken =>
                taken.Account == account && taken.Kind == FrozenKind.Template && !owned.FindFrozen(taken.Kind, ResourceRef.To(taken.Name)).IsSuccess);
        }
    }

    /// <summary>A name that is taken.</summary>
    internal sealed class Reservation(FrozenNames names, Guid account, FrozenKind kind, string name) : IDisposable
    {
        public void Dispose()
        {
            lock (names._gate)
            {
                names._reserved.Remove((account, kind, name));
            }
        }
    }
}
