using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.Connections;
using Wisp.Cli.Logging;
using Wisp.Cli.Output;
using Wisp.Layout;

namespace Wisp.Cli.CommandLine;

/// <summary>One run of a command: what was typed, and what it may use.</summary>
internal sealed class Invocation : IDisposable
{
    private readonly ParseResult _parsed;
    private MetroRouter? _router;

    private Invocation(Shell shell, ParseResult parsed, CancellationToken cancellation)
    {
        Shell = shell;
        _parsed = parsed;
        Cancellation = cancellation;
        Print = new Printer(shell, Form);
    }

    public Shell Shell { get; }

    public CancellationToken Cancellation { get; }

    public Printer Print { get; }

    public OutputFormat? Format => Form?.Format;

    public OutputForm? Form => _parsed.GetValue<OutputForm>(GlobalOptions.Output);

    public TimeSpan? Timeout => _parsed.GetValue<TimeSpan?>(GlobalOptions.Timeout);

    public DataDirectory Data => DataOf(_parsed, Shell);

    /// <summary>What the command line says of the server.</summary>
    public Whereabouts Where => WhereOf(_parsed, Shell);

    /// <summary>What other commands need to be about the same node: nothing, where the directory was not named.</summary>
    public string ForDirectory => DirectoryOf(_parsed) is { } given ? $" --data-dir {Words.Quote(given)}" : "";

    /// <summary>Runs a command and reports its failure.</summary>
    public static async Task<int> RunAsync(
        Shell shell, ParseResult parsed, Func<Invocation, Task<Result<int>>> run, bool ownDeadline, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var call = new Invocation(shell, parsed, deadline.Token);
        if (!ownDeadline && call.Timeout is { } timeout)
        {
            deadline.CancelAfter(timeout);
        }

        try
        {
            return (await run(call)).Failed(out var error, out var code) ? shell.Fail(error) : code;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            if (!cancellation.IsCancellationRequested)
            {
                return shell.Fail(new WispError(ErrorCode.TimedOut, $"Not done after {Words.Span(call.Timeout!.Value)}.", "Give it more with --timeout."));
            }

            shell.Error.WriteLine("Interrupted.");
            return ExitCode.Interrupted;
        }
    }

    public T? Get<T>(Option<T> option) => _parsed.GetValue(option);

    public T Get<T>(Argument<T> argument) => _parsed.GetRequiredValue(argument);

    /// <summary>An argument that may be left out, or that this command does not have.</summary>
    public T? Find<T>(Argument<T> argument) => _parsed.GetValue(argument);

    /// <summary>True when an option was typed.</summary>
    public bool Has(Option option) => _parsed.GetResult(option) is { Implicit: false };

    /// <summary>Calls the API of the servers this command is for, and reads the list in the answer.</summary>
    public async Task<Result<Listing>> AskAsync(HttpMethod method, string path, JsonNode? body = null) =>
        (await RouteAsync()).Failed(out var error, out var router) ? error : await router.AskAsync(method, path, body, Cancellation);

    /// <summary>The server for what is not about a resource of a metro.</summary>
    public async Task<Result<ApiClient>> ConnectAsync() => (await RouteAsync()).Failed(out var error, out var router) ? error : router.Default;

    /// <summary>The servers this command is for.</summary>
    public async Task<Result<MetroRouter>> RouteAsync()
    {
        if (_router is null)
        {
            if (Locate().Failed(out var error, out var located) || (await MetroRouter.ConnectAsync(located, Where.Metro, Shell, Cancellation)).Failed(out error, out var router))
            {
                return error;
            }

            _router = router;
        }

        return _router;
    }

    public Result<Located> Locate()
    {
        var located = Locate(_parsed, Shell);
        if (located is { IsSuccess: true, Value: var found })
        {
            Shell.Log.Write(LogLevel.Info, $"Servers are those of {found.Origin}, because {found.Because}.", ("origin", found.Origin), ("reason", found.Because));
            if (found.Unused is { } unused)
            {
                Shell.Log.Write(LogLevel.Warn, unused);
            }
        }

        return located;
    }

    public static Result<Located> Locate(ParseResult parsed, Shell shell) => ServerLocator.Find(WhereOf(parsed, shell), shell.Variable);

    public void Dispose() => _router?.Dispose();

    private static Whereabouts WhereOf(ParseResult parsed, Shell shell) => new(
        DataOf(parsed, shell), DirectoryOf(parsed) is not null, Text(parsed, GlobalOptions.Config), Text(parsed, GlobalOptions.Profile), Text(parsed, GlobalOptions.Metro));

    private static DataDirectory DataOf(ParseResult parsed, Shell shell) =>
        new(Path.GetFullPath(DirectoryOf(parsed) ?? shell.Variable("WISP_DATA_DIR") ?? DataDirectory.Default));

    private static string? DirectoryOf(ParseResult parsed) => Text(parsed, GlobalOptions.DataDirectory);

    private static string? Text(ParseResult parsed, string option) => parsed.GetValue<string>(option) is { Length: > 0 } given ? given : null;
}
