using System.Text.RegularExpressions;
using Wisp.Tools;

namespace Wisp.Images.Building;

/// <summary>Turns a failed build into an error that names the file, the step and its exit code. Pure.</summary>
internal static partial class BuildFailure
{
    /// <summary>Explains.</summary>
    /// <param name="dockerfile">Path of the Dockerfile.</param>
    /// <param name="step">The last step that began, or empty.</param>
    /// <param name="output">What buildah left.</param>
    /// <param name="storage">Where buildah keeps its layers.</param>
    public static WispError Explain(string dockerfile, string step, ToolOutput output, string storage)
    {
        if (output.Stderr.Contains("no space left on device", StringComparison.OrdinalIgnoreCase))
        {
            return new WispError(
                ErrorCode.OperationFailed, $"The disk filled up while building {dockerfile}: {storage} has no room left.",
                "Free some space; what was stored before is untouched.", "disk-full");
        }

        if (step.Length > 0 && ExitCode().Matches(output.Stderr).LastOrDefault() is { } exit)
        {
            return new WispError(
                ErrorCode.OperationFailed, $"{dockerfile}: {step} failed with exit code {exit.Groups["code"].Value}.",
                "Its output is above. Mend the step, and the build goes on from the last good one.", "build-failed");
        }

        var reason = output.LastLine.Replace("level=error msg=", "", StringComparison.Ordinal).Trim('"');
        return new WispError(
            ErrorCode.InvalidValue, $"{dockerfile} cannot be built{(step.Length > 0 ? $" ({step})" : "")}: {reason}", "Mend that line.", "build-failed");
    }

    [GeneratedRegex(@"exit status (?<code>\d+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ExitCode();
}
