using System.Net;
using Wisp.Certificates.Acme;
using Wisp.Gateway;

namespace Wisp.Platform.Certificates;

/// <summary>HTTP-01 (RFC 8555 §8.3): the gateway answers, on a port that it opens for as long as that takes.</summary>
/// <param name="gateway">The gateway.</param>
/// <param name="challenges">What it answers.</param>
/// <param name="listen">Where port 80 of services is.</param>
public sealed class HttpChallengeResponder(IGateway gateway, HttpChallenges challenges, IPEndPoint listen) : IChallengeResponder
{
    /// <inheritdoc/>
    public string Type => "http-01";

    /// <inheritdoc/>
    public string NextStep => $"The domain must lead to this host, and its port 80 to {listen}.";

    /// <inheritdoc/>
    public async Task<Result<IAsyncDisposable>> PresentAsync(Challenge challenge, CancellationToken cancellation)
    {
        if ((await gateway.HoldHttpAsync(listen, cancellation)).Failed(out var error, out var port))
        {
            return error;
        }

        challenges.Put(challenge);
        return new Answer(challenges, challenge, port);
    }

    private sealed class Answer(HttpChallenges challenges, Challenge challenge, IAsyncDisposable port) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            challenges.Remove(challenge);
            await port.DisposeAsync();
        }
    }
}
