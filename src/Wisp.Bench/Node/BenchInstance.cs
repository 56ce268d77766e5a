using System.Net;

namespace Wisp.Bench.Node;

/// <summary>An instance under measurement.</summary>
/// <param name="Uuid">Which one.</param>
/// <param name="Gateway">Where the gateway publishes it.</param>
/// <param name="Direct">The server's own address, past the gateway.</param>
/// <param name="VmmPid">The process that is its machine.</param>
internal sealed record BenchInstance(string Uuid, IPEndPoint Gateway, IPEndPoint Direct, int VmmPid);
