using System.Globalization;

namespace Wisp.Cli.Parsing;

/// <summary>A count. Pure.</summary>
internal static class WholeNumber
{
    /// <summary>Reads it; which counts are good ones is for others to judge.</summary>
    public static Result<int> Parse(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : new WispError(ErrorCode.InvalidValue, $"'{text}' is no whole number.", "Write 0, 1, 2 and so on.");
}
