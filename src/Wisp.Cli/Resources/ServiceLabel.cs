using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Wisp.Cli.Connections;

namespace Wisp.Cli.Resources;

/// <summary>By what people know a service, in few columns: its name, or the domain that somebody chose for one whose name was made up. Pure.</summary>
internal static partial class ServiceLabel
{
    /// <summary>How long it is at most, so that all columns of rates have room beside it.</summary>
    public const int Most = 20;

    /// <summary>Of a service that says its name and its domains.</summary>
    public static string? Of(JsonObject item)
    {
        var name = Listing.Text(item, "name");
        var domain = item["domains"] is JsonArray { Count: > 0 } all && all[0] is JsonObject first ? Listing.Text(first, "fqdn") : null;
        var known = name is null || MadeUp.IsMatch(name) && domain is not null && !MadeUp.IsMatch(domain.Split('.')[0]) ? domain : name;
        return known is null ? null : Shorten(known);
    }

    // Beginnings tell them apart as ends do.
    private static string Shorten(string text) => text.Length <= Most ? text : $"{text[..(Most / 2)]}…{text[^((Most / 2) - 1)..]}";

    [GeneratedRegex("^[a-z]+-[a-z]+-[a-z0-9]{8}$", RegexOptions.NonBacktracking)]
    private static partial Regex MadeUp { get; }
}
