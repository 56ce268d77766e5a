using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.Connections;
using Wisp.Cli.Output;
using Wisp.Contracts;
using Wisp.Layout;

namespace Wisp.Cli.CommandLine;

/// <summary>One run of a command: what was typed, and what it may use.</summary>
internal sealed class Invocation : IDisposable
{
    private readonly ParseResult _parsed;
    private ApiClient? _client;

    private Invocation(Shell shell, ParseResult parsed, CancellationToken cancellation)
    {
        Shell = shell;
        _parsed = parsed;
        Cancellation = cancellation;
        Print = new Printer(shell, Format);
    }

    public Shell Shell { get; }

    public CancellationToken Cancellation { get; }

    public Printer Print { get; }

    public OutputFormat? Format => _parsed.GetValue<OutputFormat?>(GlobalOptions.Output);

    public TimeSpan? Timeout => _parsed.GetValue<TimeSpan?>(GlobalOptions.Timeout);

    public DataDirectory Data => DataOf(_parsed, Shell);

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

    /// <summary>Calls the API of the server this command is for.</summary>
    public async Task<Result<Answer<TItem>>> AskAsync<TData, TItem>(WireList<TData, TItem> list, HttpMethod method, string path, JsonNode? body = null)
        where TData : class where TItem : Item =>
        Connect().Failed(out var error, out var client) ? error : await client.AskAsync(list, method, path, body, Cancellation);

    /// <summary>The server this command is for.</summary>
    public Result<ApiClient> Connect()
    {
        if (_client is null)
        {
            if (Locate().Failed(out var error, out var server))
            {
                return error;
            }

            _client = new ApiClient(server);
        }

        return _client;
    }

    public Result<Server> Locate() => Locate(_parsed, Shell);

    public static Result<Server> Locate(ParseResult parsed, Shell shell) => ServerLocator.Find(DataOf(parsed, shell), DirectoryOf(parsed) is not null, shell.Variable);

    public void Dispose() => _client?.Dispose();

    private static DataDirectory DataOf(ParseResult parsed, Shell shell) =>
        new(Path.GetFullPath(DirectoryOf(parsed) ?? shell.Variable("WISP_DATA_DIR") ?? DataDirectory.Default));

    private static string? DirectoryOf(ParseResult parsed) => parsed.GetValue<string>(GlobalOptions.DataDirectory) is { Length: > 0 } given ? given : null;
}
