using System.Globalization;
using System.Text.RegularExpressions;

namespace Wisp;

/// <summary>Lengths of time as people write them. Pure.</summary>
public static partial class Duration
{
    /// <summary>Reads <c>500ms</c>, <c>30s</c>, <c>2m</c>, <c>1h</c>, <c>1d</c> or a number of seconds.</summary>
    public static Result<TimeSpan> Parse(string text)
    {
        var match = Pattern().Match(text);
        if (match.Success && double.TryParse(match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return TimeSpan.FromMilliseconds(number * match.Groups["unit"].Value switch
            {
                "ms" => 1,
                "m" => 60_000,
                "h" => 3_600_000,
                "d" => 86_400_000,
                _ => 1_000,
            });
        }

        return new WispError(ErrorCode.InvalidValue, $"'{text}' is not a length of time.", "Write 500ms, 30s, 2m or 1h.");
    }

    [GeneratedRegex(@"^(?<number>\d{1,9}(\.\d{1,3})?)(?<unit>ms|s|m|h|d)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
