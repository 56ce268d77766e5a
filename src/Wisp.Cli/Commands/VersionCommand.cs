using Wisp.Cli.CommandLine;
using Wisp.Cli.Output;

namespace Wisp.Cli.Commands;

/// <summary><c>wisp version</c>.</summary>
internal static class VersionCommand
{
    public static Verb Create(Shell shell) =>
        new Verb("version", "Print the version of this program.", "wisp version", "wisp version -o json").Runs(shell, call =>
        {
            call.Print.One(new VersionSummary(ProgramVersion.Text), Resources.Node.Version, CliJson.Default.VersionSummary);
            return Task.FromResult<Result<int>>(ExitCode.Ok);
        });
}
