using System.Net;
using Wisp.Bench.Measuring;
using Wisp.Bench.Node;
using Wisp.Tools;

namespace Wisp.Bench.Peers;

/// <summary>HAProxy in front of one server, with HTTP and HTTPS, as Debian has it.</summary>
internal sealed class Haproxy : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _end = new();
    private readonly Task<Result<ToolOutput>> _running;

    private Haproxy(Task<Result<ToolOutput>> running, IPEndPoint http, IPEndPoint https, CancellationTokenSource end) =>
        (_running, Http, Https, _end) = (running, http, https, end);

    /// <summary>Where it speaks HTTP.</summary>
    public IPEndPoint Http { get; }

    /// <summary>Where it speaks HTTPS, with a certificate of its own making.</summary>
    public IPEndPoint Https { get; }

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="tools">Runs it.</param>
    /// <param name="directory">For its configuration and its key.</param>
    /// <param name="server">Where to forward.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<Result<Haproxy>> StartAsync(IToolRunner tools, string directory, IPEndPoint server, CancellationToken cancellation)
    {
        IPEndPoint http = new(IPAddress.Loopback, BenchNode.FreePort()), https = new(IPAddress.Loopback, BenchNode.FreePort());
        var certificate = Path.Combine(directory, "haproxy.pem");
        var configuration = Path.Combine(directory, "haproxy.cfg");
        await File.WriteAllTextAsync(certificate, CertificatePair.Make("bench").Both, cancellation);
        await File.WriteAllTextAsync(configuration, Configuration(http, https, certificate, server), cancellation);
        var end = new CancellationTokenSource();
        var haproxy = new Haproxy(tools.RunAsync(new ToolCommand("haproxy", "-db", "-f", configuration), null, end.Token), http, https, end);
        var from = TimeProvider.System.GetTimestamp();
        while ((await HttpProbe.GetOnceAsync(http, cancellation)).Failed(out var error, out _))
        {
            if (haproxy._running.IsCompleted || TimeProvider.System.GetElapsedTime(from) > Patience)
            {
                var why = haproxy._running.IsCompleted && !(await haproxy._running).Failed(out _, out var output) ? output.LastLine : error.Message;
                await haproxy.DisposeAsync();
                return new WispError(ErrorCode.OperationFailed, $"HAProxy does not serve: {why}", "Install it: apt-get install haproxy");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellation);
        }

        return haproxy;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // Ended.
        }

        _end.Dispose();
    }

    // What a careful user would write: as many threads as there are processors, connections kept alive on both sides and shared.
    private static string Configuration(IPEndPoint http, IPEndPoint https, string certificate, IPEndPoint server) => $"""
        global
            maxconn 4096
        defaults
            mode http
            timeout connect 5s
            timeout client 60s
            timeout server 60s
            http-reuse always
        frontend bench
            bind {http}
            bind {https} ssl crt {certificate} alpn http/1.1
            default_backend server
        backend server
            server one {server}

        """;
}
