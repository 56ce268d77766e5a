namespace Wisp.Network;

/// <summary>Who reaches whom, as the firewall has it. Changes are incremental; after one that failed, the next says everything anew.</summary>
internal sealed class GuestGroups(NodeSubnet subnet, Func<string, CancellationToken, Task<Result>> loadAsync)
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<Guid, uint> _numbers = [];
    private readonly Dictionary<int, uint> _members = [];
    private bool _isUncertain;

    /// <summary>Puts guests into groups, or out of all.</summary>
    public async Task<Result> ChangeAsync(IReadOnlyCollection<(int Slot, Guid? Group)> guests, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var leaving = new List<(int, uint)>();
            foreach (var (slot, group) in guests)
            {
                if (_members.Remove(slot, out var old))
                {
                    leaving.Add((slot, old));
                }

                if (group is { } joined)
                {
                    _members[slot] = NumberOf(joined);
                }
            }

            var joining = guests.Where(guest => guest.Group is not null).Select(guest => (guest.Slot, _members[guest.Slot])).ToArray();
            var text = _isUncertain
                ? FirewallRules.Regroup(subnet, _members.Select(member => (member.Key, member.Value)).ToArray())
                : FirewallRules.Regroup(subnet, leaving, joining);
            var result = text.Length == 0 ? Result.Success : await loadAsync(text, cancellation);
            _isUncertain = !result.IsSuccess;
            return result;
        }
        finally
        {
            _turn.Release();
        }
    }

    private uint NumberOf(Guid group)
    {
        if (!_numbers.TryGetValue(group, out var number))
        {
            _numbers[group] = number = (uint)_numbers.Count + 1;
        }

        return number;
    }
}
