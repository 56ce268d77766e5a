namespace Wisp.Machines.Qemu.Vmms;

/// <summary>The users that VMMs run as: each one its own, so that one that was taken over reaches no other.</summary>
/// <param name="first">The first of them.</param>
/// <param name="count">How many there are.</param>
internal sealed class UserIds(int first, int count)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Guid> _owners = [];

    /// <summary>One that nobody has, or null when all are taken.</summary>
    /// <param name="vmm">Who gets it.</param>
    public int? Take(Guid vmm)
    {
        lock (_gate)
        {
            for (var id = first; id < first + count; id++)
            {
                if (_owners.TryAdd(id, vmm))
                {
                    return id;
                }
            }

            return null;
        }
    }

    /// <summary>Notes one that a VMM of an earlier process has.</summary>
    public void Note(int id, Guid vmm)
    {
        lock (_gate)
        {
            _owners[id] = vmm;
        }
    }

    /// <summary>Gives one back. A record may be older than what its number has been used for since: then it stays with who has it.</summary>
    public void Return(int id, Guid vmm)
    {
        lock (_gate)
        {
            if (_owners.TryGetValue(id, out var owner) && owner == vmm)
            {
                _owners.Remove(id);
            }
        }
    }
}
