using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using Wisp.Certificates.Acme.Wire;

namespace Wisp.Certificates.Acme;

/// <summary>Signed requests to an authority (RFC 8555 §6): its directory, and the nonces that each request takes one of. Thread-safe.</summary>
internal sealed class AcmeTransport(HttpClient http, AccountKey key, Uri directory, TimeProvider time)
{
    // An authority may refuse a nonce at any time, and gives another with the refusal.
    private const int Tries = 20;

    private static readonly MediaTypeHeaderValue Jose = new("application/jose+json");

    private readonly ConcurrentStack<string> _nonces = [];
    private AcmeDirectory? _directory;

    /// <summary>Where what is; asked for once.</summary>
    public async Task<Result<AcmeDirectory>> DirectoryAsync(CancellationToken cancellation)
    {
        if (_directory is { } known)
        {
            return known;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, directory);
        return (await SendAsync(request, cancellation)).Failed(out var error, out var answer) ? error
            : answer.Problem is { } problem ? Unreachable(problem.Text)
            : answer.Read(AcmeJson.Default.AcmeDirectory).Failed(out error, out var read) ? error
            : _directory = read;
    }

    /// <summary>Posts a request.</summary>
    /// <param name="url">Where to.</param>
    /// <param name="account">Who asks; null to show the key.</param>
    /// <param name="payload">JSON; empty to read.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The answer, a refusal included; <see cref="ErrorCode.OperationFailed"/> when there is none.</returns>
    public async Task<Result<AcmeAnswer>> PostAsync(Uri url, Uri? account, byte[] payload, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            if ((await NonceAsync(cancellation)).Failed(out var error, out var nonce))
            {
                return error;
            }

            var header = new JwsHeader("ES256", nonce, url, account, account is null ? key.Jwk : null);
            var signed = key.Sign(JsonSerializer.SerializeToUtf8Bytes(header, AcmeJson.Default.JwsHeader), payload);
            using var request = new HttpRequestMessage(HttpMethod.Post, url)
            {
                Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(signed, AcmeJson.Default.FlattenedJws)) { Headers = { ContentType = Jose } },
            };
            if ((await SendAsync(request, cancellation)).Failed(out error, out var answer))
            {
                return error;
            }

            if (answer.Problem?.Is("badNonce") != true || tries == Tries)
            {
                return answer;
            }
        }
    }

    private async Task<Result<string>> NonceAsync(CancellationToken cancellation)
    {
        if (_nonces.TryPop(out var nonce))
        {
            return nonce;
        }

        if ((await DirectoryAsync(cancellation)).Failed(out var error, out var found))
        {
            return error;
        }

        using var request = new HttpRequestMessage(HttpMethod.Head, found.NewNonce);
        return (await SendAsync(request, cancellation)).Failed(out error, out var answer) ? error
            : _nonces.TryPop(out nonce) ? nonce
            : Unreachable(answer.Problem?.Text ?? "it gives no nonces");
    }

    private async Task<Result<AcmeAnswer>> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        if (request.RequestUri is not { IsAbsoluteUri: true, Scheme: "https" })
        {
            return Unreachable($"it leads to '{request.RequestUri}', which is not https");
        }

        try
        {
            using var response = await http.SendAsync(request, cancellation);
            if (response.Headers.TryGetValues("Replay-Nonce", out var nonces))
            {
                _nonces.Push(nonces.First());
            }

            return await AcmeAnswer.OfAsync(response, time, cancellation);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException || (exception is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            // What is said of TLS is in the inner one.
            return Unreachable((exception.InnerException ?? exception).Message);
        }
    }

    private WispError Unreachable(string why) => new(
        ErrorCode.OperationFailed, $"The certificate authority at {directory} cannot be used: {why.TrimEnd('.')}.",
        "See that this host reaches it; a private one whose certificate is not trusted here needs '--acme-ca'.");
}
