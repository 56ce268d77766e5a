using System.Text.Json;

namespace Wisp.Api.Tests.Support;

/// <summary>Short ways into an answer.</summary>
internal static class JsonReading
{
    public static string? Text(this JsonElement element, string member) => element.TryGetProperty(member, out var value) ? value.GetString() : null;

    public static long Number(this JsonElement element, string member) => element.GetProperty(member).GetInt64();

    public static bool Has(this JsonElement element, string member) => element.TryGetProperty(member, out _);

    public static IEnumerable<string> Names(this IEnumerable<JsonElement> items) => items.Select(item => item.Text("name")!);
}
