using Wisp.Layout;

namespace Wisp.Cli.Connections;

/// <summary>What the command line says of the server.</summary>
/// <param name="Data">The data directory.</param>
/// <param name="DataNamed">True when it was named on the command line, which then outweighs everything else.</param>
/// <param name="Config">The configuration file that was named.</param>
/// <param name="Profile">The profile that was named.</param>
/// <param name="Metro">The metro that was named.</param>
internal sealed record Whereabouts(DataDirectory Data, bool DataNamed = false, string? Config = null, string? Profile = null, string? Metro = null);
