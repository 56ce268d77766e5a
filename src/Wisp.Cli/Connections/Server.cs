using Wisp.Cli.Output;

namespace Wisp.Cli.Connections;

/// <summary>A server to talk to.</summary>
/// <param name="Endpoint">Base URL of its API.</param>
/// <param name="Token">Bearer token.</param>
/// <param name="DataDirectory">The data directory it was found in, or null when something else named it.</param>
internal sealed record Server(Uri Endpoint, string Token, string? DataDirectory)
{
    /// <summary>What a profile calls it; null outside of one.</summary>
    public string? Metro { get; init; }

    /// <summary>Where it is, as a profile says.</summary>
    public string? Location { get; init; }

    /// <summary>True accepts any certificate.</summary>
    public bool Insecure { get; init; }

    /// <summary>The endpoint as people write it.</summary>
    public string Address => Endpoint.ToString().TrimEnd('/');

    /// <summary>The error when nobody serves a data directory.</summary>
    public static WispError NotRunning(string dataDirectory) =>
        new(ErrorCode.OperationFailed, $"No wispd serves {dataDirectory}.", "Start it: wisp up" + Option(dataDirectory), "not-running");

    // Also where the environment named it: sudo does not keep that.
    private static string Option(string dataDirectory) => dataDirectory == Layout.DataDirectory.Default ? "" : $" --data-dir {Words.Quote(dataDirectory)}";
}
