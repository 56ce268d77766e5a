namespace Wisp.Gateway.Listening;

/// <summary>So many, and no more. Without a lock.</summary>
/// <param name="count">How many.</param>
/// <param name="of">Of which others each takes one too; null for none.</param>
internal sealed class Places(int count, Places? of = null)
{
    private int _taken;

    public int Count => count;

    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Takes one, or returns false when all are taken.</summary>
    public bool TryTake()
    {
        if (!TryTakeOwn())
        {
            return false;
        }

        if (of?.TryTake() != false)
        {
            return true;
        }

        Interlocked.Decrement(ref _taken);
        return false;
    }

    /// <summary>Gives one back.</summary>
    public void Give()
    {
        Interlocked.Decrement(ref _taken);
        of?.Give();
    }

    private bool TryTakeOwn()
    {
        var taken = Volatile.Read(ref _taken);
        while (taken < count)
        {
            var before = Interlocked.CompareExchange(ref _taken, taken + 1, taken);
            if (before == taken)
            {
                return true;
            }

            taken = before;
        }

        return false;
    }
}
