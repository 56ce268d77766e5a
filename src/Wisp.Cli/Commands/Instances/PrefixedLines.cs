using System.Text;

namespace Wisp.Cli.Commands.Instances;

/// <summary>Puts the same words before each line. A line is written when it is whole, so that several may write side by side.</summary>
internal sealed class PrefixedLines(TextWriter inner, string prefix, Lock turn) : TextWriter
{
    private readonly StringBuilder _line = new();

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value)
    {
        _line.Append(value);
        if (value == '\n')
        {
            Pass();
        }
    }

    public override void Write(string? value)
    {
        foreach (var character in value ?? "")
        {
            Write(character);
        }
    }

    public override Task WriteAsync(string? value)
    {
        Write(value);
        return Task.CompletedTask;
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Flush();
        return Task.CompletedTask;
    }

    public override void Flush()
    {
        lock (turn)
        {
            inner.Flush();
        }
    }

    /// <summary>Writes what has no end of line: the last words of a program may lack it.</summary>
    public void Finish()
    {
        if (_line.Length > 0)
        {
            _line.Append('\n');
            Pass();
        }
    }

    private void Pass()
    {
        lock (turn)
        {
            inner.Write(prefix + _line);
        }

        _line.Clear();
    }
}
