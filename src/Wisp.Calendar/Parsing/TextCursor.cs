namespace Wisp.Calendar.Parsing;

/// <summary>A place in a text that is being read.</summary>
/// <param name="text">The text.</param>
internal struct TextCursor(string text)
{
    /// <summary>The text.</summary>
    public readonly string Text => text;

    /// <summary>How far it is read.</summary>
    public int Position { get; private set; }

    /// <summary>The next character; NUL at the end, which a text never has.</summary>
    public readonly char Next => Position < text.Length ? text[Position] : '\0';

    /// <summary>True when all is read.</summary>
    public readonly bool AtEnd => Position >= text.Length;

    /// <summary>What is not read yet.</summary>
    public readonly ReadOnlySpan<char> Rest => text.AsSpan(Position);

    /// <summary>Goes on by some characters.</summary>
    public void Skip(int count) => Position += count;

    /// <summary>Reads a word if it comes next.</summary>
    public bool Take(string word)
    {
        var taken = Rest.StartsWith(word, StringComparison.Ordinal);
        Position += taken ? word.Length : 0;
        return taken;
    }

    /// <summary>Reads any spaces.</summary>
    public void SkipSpaces()
    {
        while (Next == ' ')
        {
            Position++;
        }
    }
}
