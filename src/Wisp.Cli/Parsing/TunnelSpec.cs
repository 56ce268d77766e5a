using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Wisp.Cli.Parsing;

/// <summary>A port of an instance, and where it is to be reached: <c>[LOCAL:]INSTANCE:PORT[/tcp]</c>. Pure.</summary>
/// <param name="Local">Where it is to be reached; port 0 is a free one.</param>
/// <param name="Instance">The instance.</param>
/// <param name="Port">The port in it.</param>
internal sealed partial record TunnelSpec(IPEndPoint Local, string Instance, int Port)
{
    private const int MaxPort = 65_535;

    /// <summary>Reads one; the same port on the loopback address unless it says otherwise.</summary>
    public static Result<TunnelSpec> Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success || !IsPort(match.Groups["port"].Value, out var port) || port == 0)
        {
            return Wrong(text);
        }

        var local = port;
        var address = IPAddress.Loopback;
        return match.Groups["local"] is { Success: true } given && !IsPort(given.Value, out local)
            || match.Groups["address"] is { Success: true } named && !IPAddress.TryParse(named.Value.Trim('[', ']'), out address)
            ? Wrong(text)
            : new TunnelSpec(new IPEndPoint(address!, local), match.Groups["instance"].Value, port);
    }

    private static bool IsPort(string text, out int port) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= MaxPort;

    private static WispError Wrong(string text) => new(
        ErrorCode.InvalidValue, $"'{text}' does not say where a tunnel leads.", "Write [LOCAL:]INSTANCE:PORT, such as hello:5432, 8080:hello:80 or 127.0.0.1:0:hello:80.");

    [GeneratedRegex(@"^(((?<address>\[[0-9A-Fa-f:.]+\]|[0-9.]+):)?(?<local>\d{1,5}):)?(?<instance>(name:)?[^:]+):(?<port>\d{1,5})(/tcp)?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
