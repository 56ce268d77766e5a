using System.Text;
using Wisp.Cli.Connections;
using Wisp.Cli.Parsing;
using Wisp.Contracts.Instances;

namespace Wisp.Cli.Commands.Instances;

/// <summary>Reads an instance's console by byte positions, so that nothing is lost or told twice between two answers.</summary>
internal sealed class LogReader(ApiClient client, Shell shell, string name)
{
    private const int PageBytes = 1024 * 1024;
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(300);

    // Keeps a character that is cut in two by the end of a page.
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private long _position;

    /// <summary>Prints the console.</summary>
    /// <param name="tail">How many lines to begin with; null for all that is kept.</param>
    /// <param name="follow">True goes on until the instance has stopped or is deleted.</param>
    /// <param name="cancellation">Stops.</param>
    public async Task<Result<int>> RunAsync(int? tail, bool follow, CancellationToken cancellation)
    {
        var kept = new StringBuilder();
        if ((await ReadToEndAsync(text => kept.Append(text), cancellation)).Failed(out var error, out var state))
        {
            return error;
        }

        await shell.Output.WriteAsync(tail is { } lines ? Last(kept.ToString(), lines) : kept.ToString());
        return follow ? await FollowAsync(state, cancellation) : ExitCode.Ok;
    }

    /// <summary>The last lines of a text. Pure.</summary>
    public static string Last(string text, int lines)
    {
        var start = text.EndsWith('\n') ? text.Length - 1 : text.Length;
        for (var left = lines; left > 0; left--)
        {
            start = start == 0 ? -1 : text.LastIndexOf('\n', start - 1);
            if (start < 0)
            {
                return text;
            }
        }

        return lines == 0 ? "" : text[(start + 1)..];
    }

    private async Task<Result<int>> FollowAsync(string? state, CancellationToken cancellation)
    {
        while (true)
        {
            // Read once more after it was seen stopped: its last words may have come in between.
            var ended = state == "stopped" && !await WillRestartAsync(cancellation);
            if ((await ReadToEndAsync(shell.Output.Write, cancellation)).Failed(out var error, out state))
            {
                return error.Code == ErrorCode.NotFound ? ExitCode.Ok : error;
            }

            await shell.Output.FlushAsync(cancellation);
            if (ended && state == "stopped")
            {
                return ExitCode.Ok;
            }

            await Task.Delay(LookInterval, shell.Time, cancellation);
        }
    }

    private async Task<bool> WillRestartAsync(CancellationToken cancellation) =>
        !(await client.AskAsync(WireLists.Instances, HttpMethod.Get, Resources.Instances.Path, Reference.ToJson(name), cancellation)).Failed(out _, out var answer)
        && answer.Items is [{ Restart: not null }, ..];

    private async Task<Result<string?>> ReadToEndAsync(Action<string> print, CancellationToken cancellation)
    {
        while (true)
        {
            var request = Reference.ToJson(name);
            request["offset"] = _position;
            request["limit"] = PageBytes;
            if ((await client.AskAsync(WireLists.Logs, HttpMethod.Get, Resources.Instances.Path + "/log", request, cancellation)).Failed(out var error, out var answer)
                || answer.Only().Failed(out error, out var page))
            {
                return error;
            }

            var bytes = Convert.FromBase64String(page.Output ?? "");
            print(Decode(bytes));
            _position = page.Range?.End ?? _position;
            if (bytes.Length == 0 || _position >= End(page))
            {
                return page.State;
            }
        }
    }

    private static long End(InstanceLog page) => page.Available?.End ?? 0;

    private string Decode(byte[] bytes)
    {
        var characters = new char[_decoder.GetCharCount(bytes, flush: false)];
        var count = _decoder.GetChars(bytes, characters, flush: false);
        return new string(characters, 0, count);
    }
}
