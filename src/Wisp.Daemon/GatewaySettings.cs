using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Wisp.Gateway;
using Wisp.Platform;

namespace Wisp.Daemon;

/// <summary>Where the gateway listens, and under which names.</summary>
/// <param name="Address">Where services without an address of their own listen; null for loopback.</param>
/// <param name="HttpPort">Where their port 80 is.</param>
/// <param name="HttpsPort">Where their port 443 is.</param>
/// <param name="DomainSuffix">What labels are put before.</param>
/// <param name="Acme">Who issues certificates for other domains; null for nobody but the node itself.</param>
/// <param name="Patience">How long clients are waited for.</param>
/// <param name="MaxConnections">How many connections they have open at most; null for what the limit of files allows.</param>
/// <param name="AccessLog">Where it notes what comes; null for nowhere.</param>
internal sealed record GatewaySettings(
    IPAddress? Address, int? HttpPort, int? HttpsPort, string? DomainSuffix, AcmeOptions? Acme, ClientPatience Patience, int? MaxConnections, AccessLogOptions? AccessLog)
{
    // Not 443: on a developer's machine that is often another server's, and no browser minds.
    private const int UsualHttpsPort = 8443;

    public static GatewaySettings Usual { get; } = new(null, null, null, null, null, ClientPatience.Usual, null, null);

    public static Option<IPAddress?> AddressOption { get; } = Make(
        "--gateway-address", "WISP_GATEWAY_ADDRESS", "ADDRESS",
        "Where services listen that have no address of their own [127.0.0.1]; 0.0.0.0 is all addresses.",
        text => IPAddress.TryParse(text, out var address) ? address : null, "an address of this host, such as 0.0.0.0");

    public static Option<int?> HttpPortOption { get; } = Port("--http-port", "WISP_HTTP_PORT", "The port of this host that port 80 of services is on [80].");

    public static Option<int?> HttpsPortOption { get; } = Port("--https-port", "WISP_HTTPS_PORT", $"The port of this host that port 443 of services is on [{UsualHttpsPort}].");

    public static Option<string?> DomainSuffixOption { get; } = Make(
        "--domain-suffix", "WISP_DOMAIN_SUFFIX", "DOMAIN",
        "The domain that those of services are under unless they end in a dot [localhost]; its wildcard must lead to this host.",
        text => Uri.CheckHostName(text) == UriHostNameType.Dns && text[^1] != '.' ? text.ToLowerInvariant() : null, "a domain, such as wisp.example.com");

    public static Option<TimeSpan?> HeaderTimeoutOption { get; } = Timeout(
        "--header-timeout", "WISP_HEADER_TIMEOUT", "How long a client of a service may take for a handshake, and for the head of a request [30s].");

    public static Option<TimeSpan?> BodyTimeoutOption { get; } = Timeout(
        "--body-timeout", "WISP_BODY_TIMEOUT",
        $"How long it may send less than {ClientPatience.Usual.BytesPerSecond:0} bytes a second of a body whose length it announced, or take less of the answer [1m].");

    public static Option<TimeSpan?> IdleTimeoutOption { get; } = Timeout(
        "--idle-timeout", "WISP_IDLE_TIMEOUT", "How long its connection stays open without a request [5m].");

    public static Option<int?> MaxConnectionsOption { get; } = Make(
        "--max-connections", "WISP_MAX_CONNECTIONS", "N",
        "How many connections clients of services may have open at once, those without HTTP of one user half of it; what is more is closed [a quarter of the files that wispd may open].",
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most > 0 && most <= ClientConnections.Most ? most : (int?)null,
        $"a whole number from 1 to {ClientConnections.Most}, three quarters of the files that it may open here ('ulimit -n')");

    /// <summary>What was typed.</summary>
    public static GatewaySettings Of(ParseResult parsed) => new(
        parsed.GetValue(AddressOption), parsed.GetValue(HttpPortOption), parsed.GetValue(HttpsPortOption), parsed.GetValue(DomainSuffixOption),
        AcmeOptions.Of(parsed),
        new ClientPatience(
            parsed.GetValue(HeaderTimeoutOption) ?? ClientPatience.Usual.Header,
            parsed.GetValue(BodyTimeoutOption) ?? ClientPatience.Usual.Body,
            parsed.GetValue(IdleTimeoutOption) ?? ClientPatience.Usual.Idle),
        parsed.GetValue(MaxConnectionsOption),
        AccessLogOptions.Of(parsed));

    /// <summary>The settings of a platform with these.</summary>
    public PlatformOptions Apply(PlatformOptions options) => options with
    {
        DefaultListenAddress = Address ?? options.DefaultListenAddress,
        HttpPort = HttpPort ?? options.HttpPort,
        HttpsPort = HttpsPort ?? UsualHttpsPort,
        DomainSuffix = DomainSuffix ?? options.DomainSuffix,
        AutomaticSuffixes = Acme?.Suffixes,
    };

    /// <summary>Refuses an option, or its variable, that does nothing unless another is given.</summary>
    internal static void Refuse(CommandResult parsed, Option option, string variable, string without)
    {
        if (parsed.GetResult(option) is { Implicit: false })
        {
            parsed.AddError($"{option.Name} does nothing without {without}.");
        }
        else if (IsSet(variable))
        {
            parsed.AddError($"{variable} does nothing without {without}: unset it, or give that, too.");
        }
    }

    internal static bool IsSet(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 };

    private static Option<TimeSpan?> Timeout(string name, string variable, string description) => SleepTimes.Make(name, variable, description, mostDays: 1, atLeast: TimeSpan.FromSeconds(2));

    private static Option<int?> Port(string name, string variable, string description) => Make(
        name, variable, "PORT", description,
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= ushort.MaxValue ? port : (int?)null, "a port from 1 to 65535");

    internal static Option<T?> Make<T>(string name, string variable, string help, string description, Func<string, T?> read, string wanted)
    {
        return new Option<T?>(name)
        {
            Description = $"{description} Or {variable}.",
            HelpName = help,
            DefaultValueFactory = result => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? Read(text, variable, result.AddError) : default,
            CustomParser = result => result.Tokens is [{ Value: var text }] ? Read(text, name, result.AddError) : default,
        };

        T? Read(string text, string from, Action<string> fail)
        {
            var value = read(text);
            if (value is null)
            {
                fail($"{from} takes {wanted}, not '{text}'.");
            }

            return value;
        }
    }
}
