using System.Globalization;
using Microsoft.AspNetCore.Http;
using Wisp.Api.Http;

namespace Wisp.Api.Reading;

/// <summary>Query strings: arrays by repetition or commas.</summary>
internal static class Query
{
    public static IReadOnlyList<string> List(HttpContext context, string name) =>
        [.. context.Request.Query[name].Concat(context.Request.Query[name + "[]"])
            .SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    public static IReadOnlyList<long> Integers(HttpContext context, string name) =>
        [.. List(context, name).Select(text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw RequestFailure.Invalid($"'{name}' must be a whole number, not '{text}'."))];

    /// <summary>The element for an item, or the last one given for all that follow, or null.</summary>
    public static T? At<T>(IReadOnlyList<T> values, int index) where T : struct =>
        values.Count == 0 ? null : values[Math.Min(index, values.Count - 1)];

    public static bool Boolean(HttpContext context, string name, bool otherwise) => context.Request.Query[name].ToString() switch
    {
        "" => otherwise,
        "true" or "1" => true,
        "false" or "0" => false,
        var text => throw RequestFailure.Invalid($"'{name}' must be true or false, not '{text}'."),
    };
}
