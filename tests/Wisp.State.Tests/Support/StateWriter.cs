using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Wisp.State.Tests.Support;

/// <summary>
/// A process that commits one pair of documents after the other, says each number once it is accepted, and never stops by
/// itself: it is there to be killed.
/// </summary>
internal static class StateWriter
{
    public const string Command = "write-until-killed";
    public const string First = "pair/first", Second = "pair/second";

    // Several pages each, so that a kill has something to land in the middle of.
    private const int PaddingLength = 40_000;

    /// <summary>The document of a number.</summary>
    public static byte[] Document(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture).PadRight(PaddingLength, '.'));

    /// <summary>The number of a document.</summary>
    public static long Number(StateEntry? entry) =>
        entry is null ? 0 : long.Parse(Encoding.ASCII.GetString(entry.Value.Span).TrimEnd('.'), CultureInfo.InvariantCulture);

    /// <summary>Starts this executable as a writer.</summary>
    public static Process Start(string path) => Process.Start(
        new ProcessStartInfo(Environment.ProcessPath!, [.. Host(), Command, path]) { RedirectStandardOutput = true, UseShellExecute = false })!;

    /// <summary>The child's side.</summary>
    public static async Task<int> RunAsync(string path)
    {
        if ((await SqliteStateStore.OpenAsync(path, CancellationToken.None)).Failed(out var error, out var store))
        {
            await Console.Error.WriteLineAsync(error.ToString());
            return 1;
        }

        var number = Number(await store.GetAsync(First, CancellationToken.None));
        while (true)
        {
            number++;
            var done = await store.CommitAsync([new(First, Document(number)), new(Second, Document(number))], CancellationToken.None);
            if (done.Failed(out error, out _))
            {
                await Console.Error.WriteLineAsync(error.ToString());
                return 1;
            }

            await Console.Out.WriteLineAsync(number.ToString(CultureInfo.InvariantCulture));
            await Console.Out.FlushAsync();
        }
    }

    // Under 'dotnet x.dll' the process is dotnet, and the assembly its first argument.
    private static string[] Host() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(StateWriter).Assembly.Location] : [];
}
