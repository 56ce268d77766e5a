using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Wisp.Bench.Measuring;

namespace Wisp.Bench.Suites.Services;

/// <summary>
/// A steady load of 200 requests a second that does not wait for answers to be quick: each request is due at its time, and what it takes counts
/// from then. No client asks twice. Of three kinds: on connections kept alive, on new ones, and on new ones with TLS.
/// </summary>
/// <param name="http">Where plain HTTP is.</param>
/// <param name="https">Where HTTPS is.</param>
/// <param name="host">The name of it.</param>
internal sealed class RoundLoad(IPEndPoint http, IPEndPoint https, string host)
{
    /// <summary>Requests a second, all together.</summary>
    public const int Rate = (PlainClients * PlainRate * 2) + (TlsClients * TlsRate);

    private const int PlainClients = 5;
    private const int PlainRate = 18;
    private const int TlsClients = 2;
    private const int TlsRate = 10;

    private readonly Lock _gate = new();
    private readonly List<string> _failures = [];

    /// <summary>How long each took.</summary>
    public Samples Answers { get; } = new();

    /// <summary>Why those that failed did.</summary>
    public IEnumerable<IGrouping<string, string>> Failures => _failures.GroupBy(failure => failure, StringComparer.Ordinal);

    /// <summary>The certificate that the last TLS client was shown.</summary>
    public string? LastShown { get; private set; }

    /// <summary>Asks until it is enough; what is asked then is still answered.</summary>
    public Task RunAsync(CancellationToken enough, CancellationToken cancellation) => Task.WhenAll([
        .. Enumerable.Range(0, PlainClients).Select(i => Task.Run(() => KeepAsync(i, enough, cancellation), cancellation)),
        .. Enumerable.Range(0, PlainClients).Select(i => Task.Run(() => PaceAsync(i, PlainRate, () => NewAsync(cancellation), enough), cancellation)),
        .. Enumerable.Range(0, TlsClients).Select(i => Task.Run(() => PaceAsync(i, TlsRate, () => SecureAsync(cancellation), enough), cancellation)),
    ]);

    private async Task KeepAsync(int number, CancellationToken enough, CancellationToken cancellation)
    {
        HttpProbe? probe = null;
        await PaceAsync(number, PlainRate, AskAsync, enough);
        probe?.Dispose();

        async Task<string?> AskAsync()
        {
            if (probe is null)
            {
                probe = new HttpProbe(http, keepAlive: true);
                if ((await probe.ConnectAsync(cancellation)).Failed(out var refused))
                {
                    return refused.Message;
                }
            }

            if ((await probe.GetAsync(cancellation)).Failed(out var error, out var answer) || answer.IsLast)
            {
                probe.Dispose();
                probe = null;
            }

            return error?.Message;
        }
    }

    private async Task<string?> NewAsync(CancellationToken cancellation) => (await HttpProbe.GetOnceAsync(http, cancellation)).Failed(out var error, out _) ? error.Message : null;

    private async Task<string?> SecureAsync(CancellationToken cancellation)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(https, cancellation);
            // It signs itself: whether it is the right one is looked at here.
            await using var stream = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false, (_, certificate, _, _) => (LastShown = certificate?.GetCertHashString()) is not null);
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, cancellation);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"), cancellation);
            using var all = new MemoryStream();
            await stream.CopyToAsync(all, cancellation);
            return HttpHead.Parse(all.ToArray()) is { Status: 200 } head && all.Length == head.Length + head.ContentLength ? null : "https: no whole answer with status 200";
        }
        catch (Exception exception) when (exception is SocketException or IOException or InvalidDataException or System.Security.Authentication.AuthenticationException)
        {
            return $"https: {exception.Message}";
        }
    }

    private async Task PaceAsync(int number, int rate, Func<Task<string?>> askAsync, CancellationToken enough)
    {
        var from = TimeProvider.System.GetTimestamp();
        // Not all at once.
        var due = TimeSpan.FromSeconds((double)number / PlainClients / rate);
        while (!enough.IsCancellationRequested)
        {
            if (due - TimeProvider.System.GetElapsedTime(from) is var left && left > TimeSpan.Zero)
            {
                await Task.Delay(left, CancellationToken.None);
            }

            var failure = await askAsync();
            lock (_gate)
            {
                if (failure is null)
                {
                    Answers.Add(TimeProvider.System.GetElapsedTime(from) - due);
                }
                else
                {
                    _failures.Add(failure);
                    Answers.Fail();
                }
            }

            due += TimeSpan.FromSeconds(1.0 / rate);
        }
    }
}
