using System.CommandLine;
using Wisp.Cli.Completion;

namespace Wisp.Cli.Commands;

/// <summary>Arguments and options that name resources.</summary>
internal static class Names
{
    /// <summary>One or more.</summary>
    /// <param name="shell">Where it is typed.</param>
    /// <param name="path">Where the API lists those that there are.</param>
    /// <param name="required">False lets there be none.</param>
    public static Argument<string[]> Argument(Shell shell, string path, bool required = true)
    {
        var names = new Argument<string[]>("name")
        {
            Description = "Names or uuids; metro/name is of one metro, name:… a name that looks like a uuid.",
            Arity = required ? ArgumentArity.OneOrMore : ArgumentArity.ZeroOrMore,
        };
        names.CompletionSources.Add(context => KnownNames.Find(shell, context, path));
        return names;
    }

    /// <summary>Exactly one.</summary>
    public static Argument<string> Single(Shell shell, string name, string path, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.CompletionSources.Add(context => KnownNames.Find(shell, context, path));
        return argument;
    }

    /// <summary>One, by an option.</summary>
    public static Option<string> Option(Shell shell, string name, string path, string description)
    {
        var option = new Option<string>(name) { Description = description, HelpName = "NAME" };
        option.CompletionSources.Add(context => KnownNames.Find(shell, context, path));
        return option;
    }
}
