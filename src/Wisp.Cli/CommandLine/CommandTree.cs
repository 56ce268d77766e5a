using System.CommandLine;
using System.CommandLine.Help;
using Wisp.Cli.Commands;
using Wisp.Cli.Commands.Accounts;
using Wisp.Cli.Commands.Certificates;
using Wisp.Cli.Commands.Demo;
using Wisp.Cli.Commands.Frozen;
using Wisp.Cli.Commands.Images;
using Wisp.Cli.Commands.Instances;
using Wisp.Cli.Commands.Node;
using Wisp.Cli.Commands.Profiles;
using Wisp.Cli.Commands.Services;
using Wisp.Cli.Commands.Snapshots;
using Wisp.Cli.Commands.Volumes;
using Wisp.Cli.Logging;

namespace Wisp.Cli.CommandLine;

/// <summary>All commands, and how a command line is run.</summary>
internal static class CommandTree
{
    private const int HelpWidthOfPipes = 120;

    /// <summary>How lines are read: <c>@file</c> is a value like any other, not a file of more words.</summary>
    public static ParserConfiguration Configuration { get; } = new() { ResponseFileTokenReplacer = null };

    /// <summary>The tree.</summary>
    public static RootCommand Create(Shell shell)
    {
        var root = new RootCommand("Turns a directory with a Dockerfile into a microVM that sleeps, and wakes for a request within milliseconds.")
        {
            HelpName = "wisp",
        };
        foreach (var option in GlobalOptions.Create())
        {
            root.Add(option);
        }

        foreach (var command in (Verb[])
        [
            UpCommand.Create(shell), DownCommand.Create(shell), RestartCommand.Create(shell), StatusCommand.Create(shell), BackupCommands.Backup(shell), BackupCommands.Restore(shell), DemoCommand.Create(shell),
            BuildCommand.Create(shell), RunCommand.Create(shell), TunnelCommand.Create(shell),
            InstancesCommand.Create(shell), TemplatesCommand.Create(shell), CheckpointsCommand.Create(shell), SchedulesCommand.Create(shell), SnapshotsCommand.Create(shell),
            ServicesCommand.Create(shell), ImagesCommand.Create(shell), VolumesCommand.Create(shell), CertificatesCommand.Create(shell), TrustCommand.Create(shell),
            MetrosCommand.Create(shell), QuotasCommand.Create(shell), UsersCommand.Create(shell), TokensCommand.Create(shell),
            LoginCommand.Create(shell), LogoutCommand.Create(shell), ProfileCommand.Create(shell), ProfileCommand.CreateConfig(shell),
            ApiCommand.Create(shell), BenchCommand.Create(shell), CompletionCommand.Create(shell), VersionCommand.Create(shell),
        ])
        {
            root.Add(command);
        }

        var help = root.Options.OfType<HelpOption>().Single();
        // The Windows spellings would swallow a directory of that name: wisp build /h.
        help.Aliases.Remove("/?");
        help.Aliases.Remove("/h");
        help.Action = new HelpWithExamples(shell.Width ?? HelpWidthOfPipes);
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        // 'wisp' alone is somebody who wants to know what there is.
        root.SetAction(parsed => ((HelpWithExamples)help.Action).Invoke(parsed));
        return root;
    }

    /// <summary>Runs a command line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Shell shell, CancellationToken cancellation = default)
    {
        try
        {
            var parsed = Create(shell).Parse(arguments, Configuration);
            if (LogOptions.Of(parsed, shell).Failed(out var wrong, out var log))
            {
                return Complain(parsed, [wrong with { Message = wrong.ToString() }], shell);
            }

            shell.Log = log;
            if (parsed.Errors.Count > 0 && parsed.Action is System.CommandLine.Invocation.ParseErrorAction)
            {
                return Complain(parsed, parsed.Errors.Select(error => new WispError(ErrorCode.Malformed, error.Message)).Distinct(), shell);
            }

            // Neither help nor completion minds what else was typed.
            if (parsed.Action == parsed.CommandResult.Command.Action && WordsBeforeDashes.Check(parsed) is { } stray)
            {
                return Complain(parsed, [stray with { Message = stray.ToString() }], shell);
            }

            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = shell.Output,
                    Error = shell.Error,
                    EnableDefaultExceptionHandler = false,
                    // What a signal interrupts may have to be taken back first: a build's container, a machine half made.
                    ProcessTerminationTimeout = TimeSpan.FromSeconds(20),
                },
                cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // What nobody foresaw: one line, and the rest for who asks.
            if (shell.Variable("WISP_DEBUG") == "1")
            {
                shell.Error.WriteLine(exception);
            }

            shell.Log.Fail(new WispError(ErrorCode.Unknown, $"Unforeseen: {exception.Message}", "Run it again with WISP_DEBUG=1 and report what it shows."), LogLevel.Fatal);
            return ExitCode.Failed;
        }
    }

    private static int Complain(ParseResult parsed, IEnumerable<WispError> errors, Shell shell)
    {
        var all = errors.ToArray();
        foreach (var (index, error) in all.Index())
        {
            shell.Fail(index == all.Length - 1 ? error with { NextStep = $"{PathOf(parsed)} --help" } : error);
        }

        return ExitCode.Usage;
    }

    private static string PathOf(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Insert(0, result.Command is RootCommand ? "wisp" : result.Command.Name);
        }

        return string.Join(' ', names);
    }
}
