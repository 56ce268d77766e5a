using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Wisp.Certificates.Acme.Wire;

namespace Wisp.Certificates.Acme;

/// <summary>
/// One order (RFC 8555 §7.4): (1) it is placed, (2) the authority is shown that the host is ours, (3) the request for the certificate is sent,
/// (4) the certificate is fetched.
/// </summary>
internal sealed class AcmeOrdering(string host, AcmeAccount account, AccountKey key, IChallengeResponder responder, TimeProvider time)
{
    private static readonly byte[] Nothing = "{}"u8.ToArray();
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>How long the authority wants not to be asked again, as it said when it refused.</summary>
    public TimeSpan? RetryAfter { get; private set; }

    public async Task<Result<IssuedCertificate>> RunAsync(CancellationToken cancellation)
    {
        // (1)
        if (Accept(await account.PlaceAsync(new AcmeNewOrder([new AcmeIdentifier("dns", host)]), cancellation)).Failed(out var error, out var placed)
            || placed.Read(AcmeJson.Default.AcmeOrder).Failed(out error, out var order))
        {
            return error;
        }

        if (placed.Location is not { } url)
        {
            return Refused(new AcmeProblem(null, "it does not say where the order is", null));
        }

        // (2)
        foreach (var authorization in order.Authorizations)
        {
            if ((await AuthorizeAsync(authorization, cancellation)).Failed(out error))
            {
                return error;
            }
        }

        if ((await PollAsync(url, AcmeJson.Default.AcmeOrder, one => one.Status is "pending", cancellation)).Failed(out error, out order))
        {
            return error;
        }

        // (3)
        using var secret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (order.Status == "ready")
        {
            var finalize = new AcmeFinalize(Base64Url.EncodeToString(RequestFor(secret)));
            if (Accept(await account.PostAsync(order.Finalize, JsonSerializer.SerializeToUtf8Bytes(finalize, AcmeJson.Default.AcmeFinalize), cancellation)).Failed(out error, out _)
                || (await PollAsync(url, AcmeJson.Default.AcmeOrder, one => one.Status is "ready" or "processing", cancellation)).Failed(out error, out order))
            {
                return error;
            }
        }

        if (order is not { Status: "valid", Certificate: { } certificate })
        {
            return Refused(order.Error ?? new AcmeProblem(null, $"the order is {order.Status}", null));
        }

        // (4)
        return Accept(await account.PostAsync(certificate, [], cancellation)).Failed(out error, out var chain)
            ? error
            : new IssuedCertificate(Encoding.ASCII.GetString(chain.Body), secret.ExportPkcs8PrivateKeyPem());
    }

    private async Task<Result> AuthorizeAsync(Uri url, CancellationToken cancellation)
    {
        if (Accept(await account.PostAsync(url, [], cancellation)).Failed(out var error, out var answer)
            || answer.Read(AcmeJson.Default.AcmeAuthorization).Failed(out error, out var authorization))
        {
            return error;
        }

        if (authorization.Status == "valid")
        {
            return Result.Success;
        }

        if (authorization.Challenges.FirstOrDefault(one => one.Type == responder.Type) is not { Token: { } token } challenge)
        {
            return Refused(new AcmeProblem(null, $"it does not offer {responder.Type}", null));
        }

        if ((await responder.PresentAsync(new Challenge(host, token, $"{token}.{key.Thumbprint}"), cancellation)).Failed(out error, out var presented))
        {
            return error;
        }

        await using (presented)
        {
            if (Accept(await account.PostAsync(challenge.Url, Nothing, cancellation)).Failed(out error, out _)
                || (await PollAsync(url, AcmeJson.Default.AcmeAuthorization, one => one.Status is "pending" or "processing", cancellation)).Failed(out error, out authorization))
            {
                return error;
            }
        }

        return authorization.Status == "valid"
            ? Result.Success
            : Refused(authorization.Challenges.Select(one => one.Error).FirstOrDefault(problem => problem is not null) ?? new AcmeProblem(null, $"the authorization is {authorization.Status}", null));
    }

    // RFC 8555 §7.5.1: as often as the authority says, and less and less often where it does not.
    private async Task<Result<T>> PollAsync<T>(Uri url, JsonTypeInfo<T> type, Func<T, bool> isUnderWay, CancellationToken cancellation) where T : class
    {
        var began = time.GetTimestamp();
        for (var pause = ShortestPause; ; pause *= 2)
        {
            if (Accept(await account.PostAsync(url, [], cancellation)).Failed(out var error, out var answer) || answer.Read(type).Failed(out error, out var read))
            {
                return error;
            }

            if (!isUnderWay(read))
            {
                return read;
            }

            if (time.GetElapsedTime(began) > Patience)
            {
                return new WispError(ErrorCode.TimedOut, $"The certificate authority has not decided about '{host}' within {Patience.TotalMinutes:0} minutes.", responder.NextStep);
            }

            var wait = answer.RetryAfter ?? pause;
            await Task.Delay(wait < ShortestPause ? ShortestPause : wait < LongestPause ? wait : LongestPause, time, cancellation);
        }
    }

    private Result<AcmeAnswer> Accept(Result<AcmeAnswer> posted)
    {
        if (posted.Failed(out var error, out var answer))
        {
            return error;
        }

        if (answer.Problem is not { } problem)
        {
            return answer;
        }

        RetryAfter = answer.RetryAfter;
        return Refused(problem);
    }

    private WispError Refused(AcmeProblem problem) =>
        new(
            ErrorCode.OperationFailed, $"The certificate authority refused '{host}': {problem.Text}.",
            problem.Is("rateLimited") ? null
            : problem.Is("externalAccountRequired") ? "It takes only accounts that are bound to one that you have there: give its key with '--acme-eab-kid' and '--acme-eab-key'."
            : problem.IsOfAccount ? "It is the account that it does not take: see '--acme-email', '--acme-eab-kid' and '--acme-eab-key' of wispd."
            : responder.NextStep,
            "certificate-pending");

    private byte[] RequestFor(ECDsa secret)
    {
        // Only the alternative names count, and a common name could be too short for them.
        var request = new CertificateRequest(new X500DistinguishedName(""), secret, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSigningRequest();
    }
}
