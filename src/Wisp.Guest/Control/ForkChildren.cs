using Wisp.GuestProtocol;

namespace Wisp.Guest.Control;

/// <summary>The fork children that the host told of. A number, once given, is never given again. Pure.</summary>
internal sealed class ForkChildren
{
    // How many that are gone are remembered: a look at one of them says that it is gone, and not that it never was.
    private const int Remembered = 256;

    private readonly List<ForkChild?> _children = [];
    private int _first, _gone;

    /// <summary>The lowest number.</summary>
    public int First => _first;

    /// <summary>One more than the highest number.</summary>
    public int End => _first + _children.Count;

    /// <summary>A child; null when there is none of this number (any more).</summary>
    public ForkChild? this[int number] => number >= _first && number < End ? _children[number - _first] : null;

    /// <summary>The number of a child by its name, a uuid in lower case; -1 when there is none.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        Span<byte> text = stackalloc byte[36];
        for (var i = 0; i < _children.Count; i++)
        {
            if (_children[i] is { } child && child.Uuid.TryFormat(text, out _) && text.SequenceEqual(name))
            {
                return _first + i;
            }
        }

        return -1;
    }

    /// <summary>Takes how a child stands; returns its number, or -1 for one that is gone and was not known.</summary>
    public int Put(ForkChild told)
    {
        for (var i = 0; i < _children.Count; i++)
        {
            if (_children[i] is { } known && known.Uuid == told.Uuid)
            {
                _children[i] = told;
                if (told.Gone && !known.Gone && ++_gone > Remembered)
                {
                    Forget();
                }

                return _first + i;
            }
        }

        if (told.Gone)
        {
            return -1;
        }

        _children.Add(told);
        return End - 1;
    }

    /// <summary>This machine is another than the one whose children they are.</summary>
    public void Clear()
    {
        _first = End;
        _children.Clear();
        _gone = 0;
    }

    private void Forget()
    {
        var oldest = _children.FindIndex(child => child is { Gone: true });
        _children[oldest] = null;
        _gone--;
        while (_children is [null, ..])
        {
            _children.RemoveAt(0);
            _first++;
        }
    }
}
