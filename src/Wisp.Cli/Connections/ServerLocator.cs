using Wisp.Cli.Configuration;
using Wisp.Layout;

namespace Wisp.Cli.Connections;

/// <summary>
/// Finds the servers: in the data directory when that was named, else in the profile that was named, in the environment, in the profile
/// that is used, and at last in the data directory.
/// </summary>
internal static class ServerLocator
{
    public const string EndpointVariable = "WISP_ENDPOINT";
    public const string TokenVariable = "WISP_TOKEN";
    public const string CloudMetroVariable = "UKC_METRO";
    public const string CloudTokenVariable = "UKC_TOKEN";
    private const string CloudInsecureVariable = "UKC_ALLOW_INSECURE";

    /// <summary>Finds them. A profile without metros gives its control plane, which knows them.</summary>
    public static Result<Located> Find(Whereabouts where, Func<string, string?> variable)
    {
        if (where.DataNamed)
        {
            return OfNode(where.Data, "--data-dir names it");
        }

        if ((where.Profile ?? NotEmpty(variable(ConfigFile.ProfileVariable))) is { } profile)
        {
            return OfProfile(where, profile, where.Profile is null ? $"{ConfigFile.ProfileVariable} names it" : "--profile names it", variable);
        }

        if (variable(EndpointVariable) is { } endpoint)
        {
            return OfEnvironment(EndpointVariable, endpoint, TokenVariable, variable(TokenVariable), insecure: false);
        }

        if (NotEmpty(variable(CloudMetroVariable)) is { } metro && NotEmpty(variable(CloudTokenVariable)) is { } token)
        {
            return OfEnvironment(CloudMetroVariable, metro, CloudTokenVariable, token, variable(CloudInsecureVariable) is "true" or "1");
        }

        if (ConfigFile.Load(where.Config, variable).Failed(out var error, out var config)
            || (config.Current is { } current ? OfProfile(where, current, $"{config.Path} uses it", variable) : OfNode(where.Data, "nothing else is named")).Failed(out error, out var located))
        {
            return error;
        }

        return located with { Unused = Half(variable) };
    }

    /// <summary>The server of a data directory.</summary>
    public static Result<Server> FindNode(DataDirectory data) =>
        DaemonRecordFile.Read(data).Failed(out var error, out var record) ? error
        : record is null ? Server.NotRunning(data.Root)
        : ReadToken(record.TokenFile).Failed(out error, out var found) ? error
        : new Server(new Uri(record.Endpoint), found, data.Root);

    /// <summary>Reads a URL of an API.</summary>
    public static Result<Uri> Url(string origin, string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        ? uri!
        : new WispError(ErrorCode.InvalidValue, $"{origin} is '{text}', which is not an http or https URL.", "Set it to something like http://127.0.0.1:7077, or unset it.");

    private static string? Half(Func<string, string?> variable) => (NotEmpty(variable(CloudMetroVariable)), NotEmpty(variable(CloudTokenVariable))) switch
    {
        ({ }, null) => $"{CloudMetroVariable} is set and {CloudTokenVariable} is not: it is not used.",
        (null, { }) => $"{CloudTokenVariable} is set and {CloudMetroVariable} is not: it is not used.",
        _ => null,
    };

    private static Result<Located> OfNode(DataDirectory data, string because) =>
        FindNode(data).Failed(out var error, out var server) ? error : new Located([server], null) { Origin = $"data directory {data.Root}", Because = because };

    private static Result<Located> OfEnvironment(string origin, string endpoint, string tokenOrigin, string? token, bool insecure) =>
        Url(origin, endpoint).Failed(out var error, out var uri) ? error
        : token is null ? new WispError(ErrorCode.NotAllowed, $"{origin} is set and {tokenOrigin} is not.", $"Set {tokenOrigin} to the token of {uri}.", "token")
        : new Located([new Server(uri, token, null) { Insecure = insecure }], null) { Origin = "the environment", Because = $"{origin} is set" };

    private static Result<Located> OfProfile(Whereabouts where, string name, string because, Func<string, string?> variable)
    {
        if (name == Profile.OfNode)
        {
            return OfNode(where.Data, because);
        }

        if (ConfigFile.Load(where.Config, variable).Failed(out var error, out var config) || config.Find(name).Failed(out error, out var profile))
        {
            return error;
        }

        if (profile.IsLegacy)
        {
            return KraftConfig.Find(profile, variable).Failed(out error, out var kraft) ? error : new Located([kraft], kraft.Metro) { Origin = $"profile '{name}'", Because = because };
        }

        if (profile.Token is not { } token)
        {
            return new WispError(ErrorCode.NotAllowed, $"Profile '{name}' has no token.", $"Log in: wisp login --profile {name}", "token");
        }

        var origin = $"profile '{name}'";
        var servers = new List<Server>();
        foreach (var metro in profile.Metros)
        {
            if (Url($"The endpoint of metro '{metro.Name}'", metro.Endpoint).Failed(out error, out var uri))
            {
                return error;
            }

            servers.Add(new Server(uri, token, null) { Metro = metro.Name, Location = metro.Location, Insecure = metro.Insecure });
        }

        if (servers.Count == 0)
        {
            return profile.ControlPlane is not { } address
                ? new WispError(ErrorCode.NotFound, $"Profile '{name}' has neither metros nor a control plane.", $"Log in anew: wisp login --profile {name} --controlplane URL")
                : Url($"The control plane of profile '{name}'", address).Failed(out error, out var controlPlane) ? error
                : new Located([new Server(controlPlane, token, null) { Insecure = profile.ControlPlaneInsecure }], profile.MetroDefault) { AskForMetros = true, Origin = origin, Because = because };
        }

        return new Located(servers, profile.MetroDefault) { Origin = origin, Because = because };
    }

    private static Result<string> ReadToken(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (UnauthorizedAccessException)
        {
            return new WispError(ErrorCode.NotAllowed, $"The token in {file} may not be read by this user.", $"Run with sudo, or set {EndpointVariable} and {TokenVariable}.", "token");
        }
        catch (IOException exception)
        {
            return new WispError(ErrorCode.OperationFailed, $"Cannot read the token in {file}: {exception.Message}", "Start anew: wisp down, wisp up", "token");
        }
    }

    private static string? NotEmpty(string? text) => text is { Length: > 0 } ? text : null;
}

/// <summary>Servers that were found.</summary>
/// <param name="Servers">They.</param>
/// <param name="Default">The metro for what is new.</param>
internal sealed record Located(IReadOnlyList<Server> Servers, string? Default)
{
    /// <summary>True when the one server is a control plane, which knows the metros.</summary>
    public bool AskForMetros { get; init; }

    /// <summary>What named them.</summary>
    public required string Origin { get; init; }

    /// <summary>Why that, and nothing else, counts.</summary>
    public required string Because { get; init; }

    /// <summary>What was named and does not count, though it probably should.</summary>
    public string? Unused { get; init; }
}
