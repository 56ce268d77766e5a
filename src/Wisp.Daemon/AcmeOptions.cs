using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Wisp.Certificates.Acme;
using Wisp.Gateway;
using Wisp.Layout;
using Wisp.Platform.Certificates;
using Wisp.Tools;

namespace Wisp.Daemon;

/// <summary>Who issues certificates for domains that name none.</summary>
/// <param name="Directory">The authority's directory.</param>
/// <param name="Email">Whom it writes to, or null.</param>
/// <param name="RootFile">A certificate, PEM, that its own may be signed by, or null.</param>
/// <param name="KeyId">The identifier of the key of an external account that the node's is bound to, or null.</param>
/// <param name="KeyFile">The file with that key; with <paramref name="KeyId"/> only.</param>
/// <param name="DnsHook">The program that puts records into the DNS; null to be validated by HTTP.</param>
/// <param name="Suffixes">For which domains, and for whom; null for all and everybody.</param>
internal sealed record AcmeOptions(Uri Directory, string? Email, string? RootFile, string? KeyId, string? KeyFile, string? DnsHook, IReadOnlyList<AutomaticSuffix>? Suffixes)
{
    private const string Variable = "WISP_ACME";
    private const string EmailVariable = "WISP_ACME_EMAIL";
    private const string RootVariable = "WISP_ACME_CA";
    private const string KeyIdVariable = "WISP_ACME_EAB_KID";
    private const string KeyFileVariable = "WISP_ACME_EAB_KEY";
    private const string DnsHookVariable = "WISP_ACME_DNS_HOOK";
    private const string DomainsVariable = "WISP_ACME_DOMAINS";

    public static Option<Uri?> DirectoryOption { get; } = GatewaySettings.Make(
        "--acme", Variable, "URL",
        "Get certificates for full domain names from this ACME authority: its directory, or letsencrypt, or letsencrypt-staging; its terms are agreed to [off].",
        AcmeSettings.DirectoryOf, "the https address of an ACME directory, or letsencrypt, or letsencrypt-staging");

    public static Option<string?> EmailOption { get; } = GatewaySettings.Make(
        "--acme-email", EmailVariable, "ADDRESS", "Where the authority writes to, about certificates that are about to expire.",
        text => text.Contains('@', StringComparison.Ordinal) && text.All(character => character is > ' ' and < '\x7f' and not (',' or '?')) ? text : null, "an address, such as ops@example.com");

    public static Option<string?> RootOption { get; } = GatewaySettings.Make(
        "--acme-ca", RootVariable, "FILE", "A root certificate, PEM, to trust when the authority is asked, beside those that this host trusts: for one of your own.",
        text => Path.GetFullPath(text), "a file");

    public static Option<string?> KeyIdOption { get; } = GatewaySettings.Make(
        "--acme-eab-kid", KeyIdVariable, "ID", "The key identifier of the account that you have with the authority, for one that wants accounts bound to such (external account binding).",
        text => text.All(character => character is > ' ' and < '\x7f') ? text : null, "a key identifier as the authority gave it");

    public static Option<string?> KeyFileOption { get; } = GatewaySettings.Make(
        "--acme-eab-key", KeyFileVariable, "FILE", "The file with its HMAC key, in base64url as the authority gave it.",
        text => Path.GetFullPath(text), "a file");

    public static Option<string?> DnsHookOption { get; } = GatewaySettings.Make(
        "--acme-dns-hook", DnsHookVariable, "PROGRAM",
        "Be validated by DNS (DNS-01) instead of HTTP (HTTP-01): called as 'PROGRAM add|remove _acme-challenge.DOMAIN VALUE', it returns once the TXT record is there, or gone.",
        text => text.Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(text) : text, "a program");

    public static Option<AutomaticSuffix[]?> DomainsOption { get; } = GatewaySettings.Make(
        "--acme-domains", DomainsVariable, "DOMAIN[=USER][,...]",
        "Get them only for these domains and what is below them, and only for that user where one is named [all of everybody; with --acme-dns-hook it must be said].",
        ReadSuffixes, "domains, such as example.com or shop.example.com=acme");

    /// <summary>What was typed, or null.</summary>
    public static AcmeOptions? Of(ParseResult parsed) => parsed.GetValue(DirectoryOption) is { } directory
        ? new AcmeOptions(
            directory, parsed.GetValue(EmailOption), parsed.GetValue(RootOption), parsed.GetValue(KeyIdOption), parsed.GetValue(KeyFileOption), parsed.GetValue(DnsHookOption),
            Domains(parsed.GetValue(DomainsOption)))
        : null;

    /// <summary>Refuses what would do nothing.</summary>
    public static void Check(CommandResult parsed)
    {
        // One that cannot be read is an error of its own.
        if (parsed.GetResult(DirectoryOption) is { Implicit: false } || GatewaySettings.IsSet(Variable))
        {
            // By DNS, whoever has a token could have any name of the zones that the hook writes to.
            if (parsed.GetValue(DnsHookOption) is not null && Domains(parsed.GetValue(DomainsOption)) is null)
            {
                parsed.AddError("--acme-dns-hook needs --acme-domains, which says for which domains of the zones that it writes to anybody may have a certificate.");
            }

            if (parsed.GetValue(KeyIdOption) is null != parsed.GetValue(KeyFileOption) is null)
            {
                parsed.AddError("--acme-eab-kid and --acme-eab-key go together: the authority gave you both.");
            }

            return;
        }

        foreach (var (option, variable) in ((Option, string)[])
            [
                (EmailOption, EmailVariable), (RootOption, RootVariable), (KeyIdOption, KeyIdVariable), (KeyFileOption, KeyFileVariable),
                (DnsHookOption, DnsHookVariable), (DomainsOption, DomainsVariable),
            ])
        {
            GatewaySettings.Refuse(parsed, option, variable, DirectoryOption.Name);
        }
    }

    // The command line's library has an empty list where nothing was said.
    private static IReadOnlyList<AutomaticSuffix>? Domains(AutomaticSuffix[]? said) => said is { Length: > 0 } ? said : null;

    private static AutomaticSuffix[]? ReadSuffixes(string text)
    {
        var all = text.Split(',').Select(part => part.Split('=') switch
        {
            [var domain] when IsDomain(domain) => new AutomaticSuffix(domain.ToLowerInvariant(), null),
            [var domain, { Length: > 0 } user] when IsDomain(domain) => new AutomaticSuffix(domain.ToLowerInvariant(), user),
            _ => null,
        }).ToArray();
        return all.Contains(null) ? null : [.. all.OfType<AutomaticSuffix>()];
    }

    private static bool IsDomain(string text) => Uri.CheckHostName(text) == UriHostNameType.Dns && text[^1] != '.';

    /// <summary>Opens the account with the authority.</summary>
    public Result<AcmeIssuer> Open(DataDirectory data, IGateway gateway, HttpChallenges challenges, IPEndPoint http, TimeProvider time, ILogger logger)
    {
        X509Certificate2? root = null;
        try
        {
            root = RootFile is null ? null : X509Certificate2.CreateFromPem(File.ReadAllText(RootFile));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return new WispError(ErrorCode.InvalidValue, $"'--acme-ca {RootFile}' cannot be read: {exception.Message}", "Name a file with one certificate in PEM.");
        }

        ExternalAccount? external = null;
        if (KeyId is not null && ExternalAccount.Open(KeyId, KeyFile!).Failed(out var error, out external))
        {
            return error;
        }

        IChallengeResponder responder = DnsHook is null ? new HttpChallengeResponder(gateway, challenges, http) : new DnsHookResponder(DnsHook, new ToolRunner(), time, logger);
        return AcmeIssuer.Open(new AcmeSettings(Directory, Email, root, data.AcmeKey, external), responder, time);
    }
}
