using System.Globalization;
using System.Text.RegularExpressions;

namespace Wisp.Cli.Parsing;

/// <summary>Sizes of memory as people write them. Pure.</summary>
internal static partial class MemorySize
{
    /// <summary>Reads a size into MiB; a bare number is MiB, and MB means MiB as everywhere with memory.</summary>
    public static Result<long> Parse(string text)
    {
        var match = Pattern().Match(text);
        if (match.Success && decimal.TryParse(match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            var size = match.Groups["unit"].Value is "G" or "g" ? number * 1024 : number;
            if (size == Math.Floor(size) && size <= long.MaxValue)
            {
                return (long)size;
            }
        }

        return new WispError(ErrorCode.InvalidValue, $"'{text}' is not a size of memory.", "Write 128MiB, 1GiB, or a number of MiB.");
    }

    [GeneratedRegex(@"^(?<number>\d{1,15}(\.\d{1,3})?)((?<unit>[MGmg])([Ii]?[Bb])?)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
