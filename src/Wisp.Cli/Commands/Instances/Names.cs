using System.CommandLine;
using Wisp.Cli.Completion;
using Wisp.Cli.Connections;

namespace Wisp.Cli.Commands.Instances;

/// <summary>The argument that names instances.</summary>
internal static class Names
{
    public static Argument<string[]> Argument(Shell shell, bool required = true)
    {
        var names = new Argument<string[]>("name")
        {
            Description = "Names or uuids.",
            Arity = required ? ArgumentArity.OneOrMore : ArgumentArity.ZeroOrMore,
        };
        names.CompletionSources.Add(context => KnownNames.Find(shell, context, WireLists.Instances, InstancesCommand.Path));
        return names;
    }
}
