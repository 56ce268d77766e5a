namespace Wisp.Machines.Qemu.Vmms;

/// <summary>The users that VMMs run as: each one its own, so that one that was taken over reaches no other.</summary>
/// <param name="first">The first of them.</param>
/// <param name="count">How many there are.</param>
internal sealed class UserIds(int first, int count)
{
    private readonly Lock _gate = new();
    private readonly HashSet<int> _taken = [];

    /// <summary>One that nobody has, or null when all are taken.</summary>
    public int? Take()
    {
        lock (_gate)
        {
            for (var id = first; id < first + count; id++)
            {
                if (_taken.Add(id))
                {
                    return id;
                }
            }

            return null;
        }
    }

    /// <summary>Notes one that a VMM of an earlier process has.</summary>
    public void Note(int id)
    {
        lock (_gate)
        {
            _taken.Add(id);
        }
    }

    /// <summary>Gives one back.</summary>
    public void Return(int id)
    {
        lock (_gate)
        {
            _taken.Remove(id);
        }
    }
}
