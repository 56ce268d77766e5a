namespace Wisp.Guest.Control;

/// <summary>An open file, and what reading it gives.</summary>
internal sealed class Handle(Node node)
{
    private long _start, _afterWrite = -1;

    public Node Node => node;

    /// <summary>What a reader sees, from the moment it begins to read; null before.</summary>
    public byte[]? Content { get; set; }

    /// <summary>By which name the kernel wants to hear that a poll has something to see; 0 when nobody polls.</summary>
    public ulong Poller { get; set; }

    /// <summary>Notes a write.</summary>
    public void Wrote(ulong offset, uint count) => _afterWrite = (long)offset + count;

    /// <summary>
    /// Where in the content a read begins. The file's position has moved with what was written, but what is read after it is an answer,
    /// and begins at its first byte whether the reader went back or not.
    /// </summary>
    public int Position(ulong offset)
    {
        var place = (long)offset;
        if (_afterWrite >= 0 || place < _start)
        {
            _start = place == _afterWrite ? place : 0;
            _afterWrite = -1;
        }

        return (int)Math.Min(place - _start, int.MaxValue);
    }
}
