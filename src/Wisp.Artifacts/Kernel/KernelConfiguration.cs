namespace Wisp.Artifacts.Kernel;

/// <summary>Reads configurations of the kernel. Pure.</summary>
internal static class KernelConfiguration
{
    /// <summary>The options and their values. The kernel's tools write one that is off, whose value is <c>n</c>, as a comment.</summary>
    public static IReadOnlyDictionary<string, string> Parse(string text)
    {
        const string off = " is not set";
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith("# CONFIG_", StringComparison.Ordinal) && line.EndsWith(off, StringComparison.Ordinal))
            {
                options[line[2..^off.Length]] = "n";
            }
            else if (line.StartsWith("CONFIG_", StringComparison.Ordinal) && line.Split('=', 2) is [var name, var value])
            {
                options[name] = value;
            }
        }

        return options;
    }

    /// <summary>
    /// What was asked for and is not so in the configuration that came of it. The kernel's tools drop such a line without a word: the
    /// option has another name by now, or needs one that is off.
    /// </summary>
    public static IReadOnlyList<string> Unmet(string asked, string got)
    {
        var options = Parse(got);
        // One that is off need not be there.
        return [.. Parse(asked).Where(option => options.GetValueOrDefault(option.Key, "n") != option.Value).Select(option => $"{option.Key}={option.Value}")];
    }
}
