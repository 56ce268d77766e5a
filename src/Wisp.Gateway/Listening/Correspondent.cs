using System.Net;

namespace Wisp.Gateway.Listening;

/// <summary>Who sends datagrams, and the address of this host that they are sent to: answers leave from there.</summary>
/// <param name="Remote">The client's address and port.</param>
/// <param name="Local">The address that the client knows.</param>
internal readonly record struct Correspondent(IPEndPoint Remote, IPAddress Local);
