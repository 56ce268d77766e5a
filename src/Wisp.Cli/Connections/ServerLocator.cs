using Wisp.Layout;

namespace Wisp.Cli.Connections;

/// <summary>Finds the server: in the environment, else in the data directory.</summary>
internal static class ServerLocator
{
    public const string EndpointVariable = "WISP_ENDPOINT";
    public const string TokenVariable = "WISP_TOKEN";

    /// <summary>Finds it.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="explicitly">True when the data directory was named on the command line, which then outweighs the environment.</param>
    /// <param name="variable">Reads the environment.</param>
    public static Result<Server> Find(DataDirectory data, bool explicitly, Func<string, string?> variable)
    {
        if (!explicitly && variable(EndpointVariable) is { } endpoint)
        {
            return !Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")
                ? new WispError(ErrorCode.InvalidValue, $"{EndpointVariable} is '{endpoint}', which is not an http or https URL.", "Set it to something like http://127.0.0.1:7077, or unset it.")
                : variable(TokenVariable) is { } token
                    ? new Server(uri, token, null)
                    : new WispError(ErrorCode.NotAllowed, $"{EndpointVariable} is set and {TokenVariable} is not.", $"Set {TokenVariable} to the token of {uri}.", "token");
        }

        return DaemonRecordFile.Read(data).Failed(out var error, out var record) ? error
            : record is null ? Server.NotRunning(data.Root)
            : ReadToken(record.TokenFile).Failed(out error, out var found) ? error
            : new Server(new Uri(record.Endpoint), found, data.Root);
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
}
