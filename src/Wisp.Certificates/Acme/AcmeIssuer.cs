using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Wisp.Certificates.Acme;

/// <summary>Gets certificates from an authority that speaks ACME (RFC 8555).</summary>
public sealed class AcmeIssuer : ICertificateIssuer, IDisposable
{
    private readonly HttpClient _http;
    private readonly AcmeAccount _account;
    private readonly AccountKey _key;
    private readonly IChallengeResponder _responder;
    private readonly TimeProvider _time;

    private AcmeIssuer(AcmeSettings settings, AccountKey key, IChallengeResponder responder, TimeProvider time)
    {
        (_key, _responder, _time) = (key, responder, time);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        if (settings.Root is { } root)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(root, certificate, chain, errors);
        }

        _http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(60), MaxResponseContentBufferSize = 1 << 20 };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("wispd");
        _account = new AcmeAccount(
            new AcmeTransport(_http, key, settings.Directory, time), settings.Email,
            settings.External is { } external ? newAccount => external.Bind(newAccount, key) : null);
    }

    /// <summary>Opens the node's account with an authority; it is not spoken to yet.</summary>
    /// <returns>The issuer; <see cref="ErrorCode.OperationFailed"/> when the account's key cannot be used.</returns>
    public static Result<AcmeIssuer> Open(AcmeSettings settings, IChallengeResponder responder, TimeProvider time) =>
        AccountKey.Open(settings.KeyFile).Failed(out var error, out var key) ? error : new AcmeIssuer(settings, key, responder, time);

    /// <inheritdoc/>
    public async Task<IssueOutcome> IssueAsync(string host, CancellationToken cancellation)
    {
        var order = new AcmeOrdering(host, _account, _key, _responder, _time);
        var issued = await order.RunAsync(cancellation);
        return new IssueOutcome(issued, order.RetryAfter);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _account.Dispose();
        _http.Dispose();
    }

    private static bool IsTrusted(X509Certificate2 root, X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 leaf)
        {
            return errors == SslPolicyErrors.None;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ExtraStore.AddRange(presented?.ChainElements.Select(element => element.Certificate).ToArray() ?? []);
        return chain.Build(leaf);
    }
}
