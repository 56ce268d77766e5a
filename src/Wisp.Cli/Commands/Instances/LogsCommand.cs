using System.CommandLine;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Commands.Instances;

/// <summary><c>wisp instances logs</c>.</summary>
internal static class LogsCommand
{
    public static Verb Create(Shell shell)
    {
        var names = Names.Argument(shell, Resources.Instances.Path);
        var follow = new Option<bool>("-f", "--follow") { Description = "Go on until they have stopped, are deleted, or Ctrl+C." };
        var tail = new Option<int?>("--tail") { Description = "Begin with the last N lines.", HelpName = "N", CustomParser = Parsed.Optional(WholeNumber.Parse) };
        var prefix = new Option<bool>("--prefix") { Description = "Begin each line with the name of its instance, as it is with several." };
        var noPrefix = new Option<bool>("--no-prefix") { Description = "Do not, also with several." };
        return new Verb(
            "logs", "Print what instances wrote to their console.",
            "wisp instances logs hello", "wisp instances logs hello --tail 20 -f", "wisp instances logs hello shop -f", "wisp instances logs hello shop --no-prefix")
        {
            names, follow, tail, prefix, noPrefix,
        }.Alias("log").Runs(shell, call => RunAsync(
            call, call.Get(names), call.Get(tail), call.Get(follow), call.Get(prefix) || (call.Get(names).Length > 1 && !call.Get(noPrefix))));
    }

    /// <summary>Does something with an instance, and then prints its console where that is asked for.</summary>
    public static async Task<Result<int>> ThenFollowAsync(Invocation call, bool follow, string[] names, Func<Task<Result<int>>> act)
    {
        if (follow && names.Length != 1)
        {
            return new WispError(ErrorCode.InvalidValue, $"--follow is for one instance, not {names.Length}.", "Name one, or see several with 'wisp instances logs -f'.");
        }

        var code = await act();
        return !follow || code.Failed(out _, out var given) || given != ExitCode.Ok ? code : await RunAsync(call, names, null, follow: true, prefix: false);
    }

    private static async Task<Result<int>> RunAsync(Invocation call, string[] names, int? tail, bool follow, bool prefix)
    {
        if ((await call.RouteAsync()).Failed(out var error, out var router))
        {
            return error;
        }

        var turn = new Lock();
        var readers = new List<LogReader>();
        var lines = new List<PrefixedLines>();
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            var (client, reference) = await router.FindAsync(Resources.Instances.Path, name, call.Cancellation);
            var bare = (Listing.Text(reference, "uuid") ?? "name:" + Listing.Text(reference, "name"))!;
            lines.Add(new PrefixedLines(call.Shell.Output, name + " | ", turn));
            readers.Add(new LogReader(client, prefix ? call.Shell.To(lines[^1]) : call.Shell, bare));
        }

        // One after the other where they end by themselves; side by side where they go on.
        var codes = new List<Result<int>>();
        if (follow)
        {
            codes.AddRange(await Task.WhenAll(readers.Select(reader => reader.RunAsync(tail, follow: true, call.Cancellation))));
        }
        else
        {
            foreach (var reader in readers)
            {
                codes.Add(await reader.RunAsync(tail, follow: false, call.Cancellation));
            }
        }

        lines.ForEach(line => line.Finish());

        foreach (var failed in codes.Where(code => !code.IsSuccess).Skip(1))
        {
            call.Shell.Fail(failed.Error!);
        }

        return codes.Where(code => !code.IsSuccess).Append(ExitCode.Ok).First();
    }
}
