using System.Globalization;
using System.Text.Json.Nodes;

namespace Wisp.Cli.Parsing;

/// <summary>A step of a policy: <c>600:800/1</c>, <c>:600/-1</c>, <c>800:/2</c>. Pure.</summary>
internal static class StepSpec
{
    /// <summary>Reads it into what the API takes; whether the values are good ones is the API's to judge.</summary>
    public static Result<JsonObject> Parse(string text)
    {
        if (text.Split('/') is [var range, var adjustment] && range.Split(':') is [var lower, var upper] && Number(adjustment) is { } change
            && (lower.Length == 0 || Number(lower) is not null) && (upper.Length == 0 || Number(upper) is not null))
        {
            var step = new JsonObject { ["adjustment"] = change };
            if (lower.Length > 0)
            {
                step["lower_bound"] = Number(lower);
            }

            if (upper.Length > 0)
            {
                step["upper_bound"] = Number(upper);
            }

            return step;
        }

        return new WispError(ErrorCode.InvalidValue, $"'{text}' is no step.", "Write FROM:TO/CHANGE, such as 600:800/1; FROM and TO may be left out.");
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
