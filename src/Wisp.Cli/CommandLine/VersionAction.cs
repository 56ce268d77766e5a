using System.CommandLine;
using System.CommandLine.Invocation;

namespace Wisp.Cli.CommandLine;

/// <summary><c>--version</c>.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parsed)
    {
        parsed.InvocationConfiguration.Output.WriteLine(ProgramVersion.Text);
        return ExitCode.Ok;
    }
}
