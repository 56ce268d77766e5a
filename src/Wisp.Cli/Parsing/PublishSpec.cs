using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Wisp.Cli.Parsing;

/// <summary>A port to publish: <c>[HOST:]PORT:DEST[/HANDLERS]</c>. Pure.</summary>
/// <param name="Ip">Address of the host, or null where the handlers leave it to the platform.</param>
/// <param name="Port">Port of the host.</param>
/// <param name="Destination">Port in the instance.</param>
/// <param name="Handlers">Handlers; none is raw TCP, or UDP.</param>
/// <param name="Udp">Whether it is datagrams.</param>
internal sealed partial record PublishSpec(string? Ip, int Port, int Destination, IReadOnlyList<string> Handlers, bool Udp = false)
{
    private const string Loopback = "127.0.0.1";
    private const int MaxPort = 65_535;

    /// <summary>Reads one; HTTP on the loopback address unless it says otherwise, and what has a domain wherever the node has its gateway.</summary>
    public static Result<PublishSpec> Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success
            || !int.TryParse(match.Groups["port"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || !int.TryParse(match.Groups["destination"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var destination))
        {
            return new WispError(
                ErrorCode.InvalidValue, $"'{text}' does not say what to publish.", "Write [HOST:]PORT:DEST[/http|/tcp|/udp|/tls|/http+tls|/http+redirect], such as 8080:80, 443:80/http+tls or 0.0.0.0:5432:5432/tcp.");
        }

        if (port is < 1 or > MaxPort || destination is < 1 or > MaxPort)
        {
            return new WispError(ErrorCode.InvalidValue, $"'{text}' names a port outside 1 to {MaxPort}.", "Ports are numbers from 1 to 65535.");
        }

        string[] handlers = match.Groups["handlers"] is { Success: true } given
            ? [.. given.Value.Split('+').Where(handler => handler is not ("tcp" or "udp"))]
            : ["http"];
        var host = match.Groups["host"] is { Success: true } named ? named.Value.Trim('[', ']') : null;
        return new PublishSpec(host == "*" ? "0.0.0.0" : host ?? (handlers.Contains("tls") || handlers.Contains("redirect") ? null : Loopback), port, destination, handlers, match.Groups["handlers"].Value == "udp");
    }

    /// <summary>As the API reads it.</summary>
    public JsonObject ToJson()
    {
        var service = new JsonObject
        {
            ["port"] = Port,
            ["destination_port"] = Destination,
            ["handlers"] = new JsonArray([.. Handlers.Select(handler => (JsonNode)handler)]),
        };
        if (Udp)
        {
            service["protocol"] = "udp";
        }

        if (Ip is not null)
        {
            service["ip"] = Ip;
        }

        return service;
    }

    [GeneratedRegex(
        @"^((?<host>\[[0-9A-Fa-f:.]+\]|[0-9.]+|\*):)?(?<port>\d{1,9}):(?<destination>\d{1,9})(/(?<handlers>tcp|udp|(http|tls|redirect)(\+(http|tls|redirect))*))?$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
