using System.CommandLine;

namespace Wisp.Cli.CommandLine;

/// <summary>A command with examples, which its help shows.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it does.</param>
/// <param name="examples">Command lines that work.</param>
internal sealed class Verb(string name, string description, params IReadOnlyList<string> examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples => examples;

    /// <summary>The argument that is filled from behind <c>--</c> only, where there is one.</summary>
    public Argument? GuestArguments { get; set; }

    /// <summary>Another name.</summary>
    public Verb Alias(params IEnumerable<string> aliases)
    {
        foreach (var alias in aliases)
        {
            Aliases.Add(alias);
        }

        return this;
    }

    /// <summary>What it does.</summary>
    /// <param name="shell">Where it was typed.</param>
    /// <param name="run">Does it; gives the exit code.</param>
    /// <param name="ownDeadline">True when it makes of <c>--timeout</c> what it must; otherwise the command is given up then.</param>
    public Verb Runs(Shell shell, Func<Invocation, Task<Result<int>>> run, bool ownDeadline = false)
    {
        SetAction((parsed, cancellation) => Invocation.RunAsync(shell, parsed, run, ownDeadline, cancellation));
        return this;
    }
}
