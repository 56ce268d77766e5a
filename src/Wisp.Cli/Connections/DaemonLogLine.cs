using System.Text.RegularExpressions;

namespace Wisp.Cli.Connections;

/// <summary>Lines of wispd's log. Pure.</summary>
internal static partial class DaemonLogLine
{
    /// <summary>How an error begins that ends wispd.</summary>
    public const string ErrorPrefix = "wispd: ";

    /// <summary>The message of a line, without time, level and category.</summary>
    public static string Text(string line) => Prefix().Replace(line, "");

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT[0-9:.]+Z [a-z]{4}: [\w.]+\[\d+\] ", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Prefix();
}
