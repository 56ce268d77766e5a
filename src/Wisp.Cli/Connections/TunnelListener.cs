using System.Net;
using System.Net.Sockets;
using Wisp.Contracts.Tunnels;

namespace Wisp.Cli.Connections;

/// <summary>Takes connections here and carries each to a port of an instance.</summary>
/// <param name="client">The server of the instance.</param>
/// <param name="path">The tunnel there.</param>
/// <param name="local">Where connections are taken.</param>
/// <param name="shell">Who hears of one that cannot be carried.</param>
internal sealed class TunnelListener(ApiClient client, string path, IPEndPoint local, Shell shell) : IDisposable
{
    private readonly TcpListener _listener = new(local);

    /// <summary>Where it listens.</summary>
    public EndPoint Local => _listener.LocalEndpoint;

    /// <summary>Begins to listen.</summary>
    public WispError? Start()
    {
        try
        {
            _listener.Start();
            return null;
        }
        catch (SocketException exception)
        {
            return new WispError(ErrorCode.OperationFailed, $"Cannot listen on {local}: {exception.Message}", "Choose another port before the instance, such as 0:hello:80 for a free one.");
        }
    }

    /// <summary>Carries connections until it is called off.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var carried = new List<Task>();
        try
        {
            while (true)
            {
                var tcp = await _listener.AcceptSocketAsync(cancellation);
                carried.RemoveAll(one => one.IsCompleted);
                carried.Add(CarryAsync(tcp, cancellation));
            }
        }
        finally
        {
            await Task.WhenAll(carried);
        }
    }

    public void Dispose() => _listener.Dispose();

    private async Task CarryAsync(Socket tcp, CancellationToken cancellation)
    {
        using (tcp)
        {
            tcp.NoDelay = true;
            try
            {
                if ((await client.OpenAsync(path, cancellation)).Failed(out var error, out var web))
                {
                    shell.Fail(error);
                }
                else
                {
                    using (web)
                    {
                        if (await TunnelRelay.RunAsync(web, tcp, cancellation) is { } broken)
                        {
                            shell.Log.Write(Logging.LogLevel.Info, $"A connection to {Local} broke: {broken}");
                        }
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The command was called off before the server had answered.
            }
        }
    }
}
