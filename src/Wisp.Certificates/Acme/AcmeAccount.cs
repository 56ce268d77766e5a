using System.Text.Json;
using Wisp.Certificates.Acme.Wire;

namespace Wisp.Certificates.Acme;

/// <summary>The node's account with an authority (RFC 8555 §7.3): made by the first request, or found by its key. Thread-safe.</summary>
/// <param name="transport">How the authority is asked.</param>
/// <param name="email">Whom it writes to, or null.</param>
/// <param name="bind">Shows which external account it belongs to, for where accounts are made; null when to none.</param>
internal sealed class AcmeAccount(AcmeTransport transport, string? email, Func<Uri, FlattenedJws>? bind) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private Uri? _account;

    /// <summary>Posts a request as the account; one to read where the payload is empty.</summary>
    public async Task<Result<AcmeAnswer>> PostAsync(Uri url, byte[] payload, CancellationToken cancellation)
    {
        if ((await FindAsync(cancellation)).Failed(out var error, out var found))
        {
            return error;
        }

        if (found.Problem is not null)
        {
            return found;
        }

        var posted = await transport.PostAsync(url, found.Location, payload, cancellation);
        if (posted is { IsSuccess: true, Value.Problem: { } problem } && problem.Is("accountDoesNotExist"))
        {
            // An authority that began anew; the next attempt makes an account.
            _account = null;
        }

        return posted;
    }

    /// <summary>Where orders are placed.</summary>
    public async Task<Result<AcmeAnswer>> PlaceAsync(AcmeNewOrder order, CancellationToken cancellation) =>
        (await transport.DirectoryAsync(cancellation)).Failed(out var error, out var directory)
            ? error
            : await PostAsync(directory.NewOrder, JsonSerializer.SerializeToUtf8Bytes(order, AcmeJson.Default.AcmeNewOrder), cancellation);

    public void Dispose() => _turn.Dispose();

    private async Task<Result<AcmeAnswer>> FindAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_account is { } known)
            {
                return new AcmeAnswer([], known, null, null);
            }

            if ((await transport.DirectoryAsync(cancellation)).Failed(out var error, out var directory))
            {
                return error;
            }

            var request = new AcmeNewAccount(TermsOfServiceAgreed: true, email is null ? null : ["mailto:" + email], bind?.Invoke(directory.NewAccount));
            if ((await transport.PostAsync(directory.NewAccount, null, JsonSerializer.SerializeToUtf8Bytes(request, AcmeJson.Default.AcmeNewAccount), cancellation)).Failed(out error, out var made))
            {
                return error;
            }

            _account = made.Problem is null ? made.Location : null;
            return made.Problem is { } problem ? made with { Problem = problem with { IsOfAccount = true } }
                : made.Location is null ? made with { Problem = new AcmeProblem(null, "it does not say where the account is", null) }
                : made;
        }
        finally
        {
            _turn.Release();
        }
    }
}
