using System.Text;
using System.Text.Json.Nodes;
using Wisp.Cli.Connections;
using Wisp.Cli.Output;

namespace Wisp.Cli.Configuration;

/// <summary>What <c>kraft</c> knows of its cloud, for profiles of <c>type: legacy</c>: its variables, and its own configuration file.</summary>
internal static class KraftConfig
{
    private const string Registry = "index.unikraft.io";

    // The names that it has had, in the order in which it looks for them.
    private static readonly string[] Prefixes = ["UNIKRAFTCLOUD_", "KRAFTCLOUD_", "KC_", "UKC_"];

    /// <summary>The server of a profile.</summary>
    public static Result<Server> Find(Profile profile, Func<string, string?> variable)
    {
        var metro = First("METRO", variable) ?? profile.MetroDefault;
        if (metro is null)
        {
            return new WispError(ErrorCode.NotFound, $"Profile '{profile.Name}' is kraft's, and says no metro.", "Set UKC_METRO to its URL or name, or metro_default in the profile.");
        }

        var insecure = false;
        if (First("TOKEN", variable) is not { } token)
        {
            if (Read(profile, variable).Failed(out var error, out var auth))
            {
                return error;
            }

            (token, insecure) = auth;
        }

        var address = metro.Contains("://", StringComparison.Ordinal) ? metro : $"https://api.{metro}.unikraft.cloud";
        return ServerLocator.Url($"The metro of profile '{profile.Name}'", address).Failed(out var wrong, out var uri) ? wrong
            : new Server(uri, token, null) { Metro = address == metro ? null : metro, Insecure = insecure };
    }

    private static Result<(string Token, bool Insecure)> Read(Profile profile, Func<string, string?> variable)
    {
        var path = Path.Combine(variable("KRAFTKIT_PATHS_CONFIG") ?? Path.Combine(variable("XDG_CONFIG_HOME") ?? Path.Combine(variable("HOME") ?? "", ".config"), "kraftkit"), "config.yaml");
        try
        {
            if (Yaml.Read(File.ReadAllText(path)).Failed(out var error, out var root))
            {
                return error with { Message = $"{path}: {error.Message}" };
            }

            return (root as JsonObject)?["auth"]?[Registry] is JsonObject auth && Listing.Text(auth, "user") is { Length: > 0 } user && auth["token"]?.ToString() is { Length: > 0 } token
                ? (Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{token}")), auth["verify_ssl"] is JsonValue verify && verify.TryGetValue<bool>(out var verified) && !verified)
                : new WispError(ErrorCode.NotAllowed, $"{path} has no user and token for {Registry}, which profile '{profile.Name}' needs.", "Log in with kraft, or set UKC_TOKEN.", "token");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return new WispError(ErrorCode.NotAllowed, $"Profile '{profile.Name}' is kraft's, whose configuration cannot be read: {exception.Message}", "Log in with kraft, or set UKC_TOKEN.", "token");
        }
    }

    private static string? First(string name, Func<string, string?> variable) =>
        Prefixes.Select(prefix => variable(prefix + name)).FirstOrDefault(value => value is { Length: > 0 });
}
