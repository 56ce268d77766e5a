namespace Wisp.Gateway;

/// <summary>How long the gateway waits for clients. Streams whose end nobody has announced (websockets, events, gRPC) may be silent for any time.</summary>
/// <param name="Header">For the head of a request, from its first byte on, and for a handshake.</param>
/// <param name="Body">For the body of a request whose length was announced, and for the client to take the answer, while less than <see cref="BytesPerSecond"/> moves.</param>
/// <param name="Idle">For the next request.</param>
public sealed record ClientPatience(TimeSpan Header, TimeSpan Body, TimeSpan Idle)
{
    /// <summary>What a client that is not stuck sends and takes.</summary>
    public double BytesPerSecond { get; init; } = 240;

    /// <summary>What is waited unless said otherwise.</summary>
    public static ClientPatience Usual { get; } = new(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5));
}
