using System.CommandLine;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Completion;

namespace Wisp.Cli.Commands;

/// <summary><c>wisp completion</c>.</summary>
internal static class CompletionCommand
{
    public static Verb Create(Shell shell)
    {
        var language = new Argument<string>("shell") { Description = "bash, zsh or fish." };
        language.AcceptOnlyFromAmong("bash", "zsh", "fish");
        return new Verb(
            "completion", "Print a script that makes the shell complete commands and names.",
            "source <(wisp completion bash)", "wisp completion zsh > ~/.zfunc/_wisp", "wisp completion fish > ~/.config/fish/completions/wisp.fish")
        {
            language,
        }.Runs(shell, call =>
        {
            shell.Output.Write(CompletionScript.For(call.Get(language)));
            return Task.FromResult<Result<int>>(ExitCode.Ok);
        });
    }
}
