using System.Globalization;
using Wisp.Tools;

namespace Wisp.Calendar.Tests.Support;

/// <summary>Asks the systemd of this machine, many questions at once.</summary>
internal static class SystemdAnalyze
{
    private const string Original = "Original form: ", Normalised = "Normalized form: ", InUtc = "(in UTC): ";

    /// <summary>Skips the test where there is no systemd to compare with.</summary>
    public static async Task RequireAsync()
    {
        var version = await new ToolRunner().RunAsync(new ToolCommand("systemd-analyze", "--version"));
        if (version.Failed(out var error, out _))
        {
            Assert.Skip($"There is nothing to compare with (apt-get install systemd): {error.Message}");
        }
    }

    /// <summary>Asks for the next times of calendar events.</summary>
    /// <param name="zone">The time zone of the host.</param>
    /// <param name="after">The moment after which they are; whole microseconds.</param>
    /// <param name="count">How many.</param>
    /// <param name="events">The events, each another.</param>
    /// <returns>The answers, by event without spaces at its end. Of those that are refused there is none.</returns>
    public static async Task<IReadOnlyDictionary<string, SystemdAnswer>> AskAsync(string zone, DateTimeOffset after, int count, IReadOnlyList<string> events)
    {
        string[] options =
        [
            "calendar", string.Create(CultureInfo.InvariantCulture, $"--base-time={after.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff} UTC"),
            string.Create(CultureInfo.InvariantCulture, $"--iterations={count}"), "--",
        ];
        var output = (await new ToolRunner().RunAsync(new ToolCommand("systemd-analyze", [.. options, .. events])
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["TZ"] = zone, ["LC_ALL"] = "C", ["SYSTEMD_COLORS"] = "0" },
        })).Value;
        var answers = new Dictionary<string, SystemdAnswer>(StringComparer.Ordinal);
        foreach (var section in output.Stdout.Split("\n\n"))
        {
            Read(section.Split('\n', StringSplitOptions.RemoveEmptyEntries), answers);
        }

        // One that it gives up searching for: it takes it, and it comes neither in its time nor in ours.
        foreach (var given in events.Where(given => output.Stderr.Contains($"Failed to determine next elapse for '{given}'", StringComparison.Ordinal)))
        {
            answers.TryAdd(given.TrimEnd(' '), new SystemdAnswer("", []));
        }

        return answers;
    }

    private static void Read(string[] lines, Dictionary<string, SystemdAnswer> answers)
    {
        if (After(lines, Normalised) is not [var normalised])
        {
            return;
        }

        // Not repeated when it is the same.
        var original = After(lines, Original) is [var other] ? other : normalised;
        var utc = After(lines, InUtc);
        var times = utc.Length > 0 ? utc : [.. lines.Where(line => line.Contains(" elapse: ", StringComparison.Ordinal) || line.Contains("Iter. #", StringComparison.Ordinal)).Select(line => line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..])];
        answers[original.TrimEnd(' ')] = new SystemdAnswer(normalised, [.. times.Where(time => time != "never").Select(Time)]);
    }

    private static string[] After(string[] lines, string label) =>
        [.. lines.Where(line => line.TrimStart().StartsWith(label, StringComparison.Ordinal)).Select(line => line.TrimStart()[label.Length..])];

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.ParseExact(text, "ddd yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
