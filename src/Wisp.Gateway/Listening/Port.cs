using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Wisp.Gateway.Listening;

/// <summary>One open port: accepts, and hands each connection on.</summary>
internal sealed class Port : IAsyncDisposable
{
    private readonly IConnectionListener _listener;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _accepting;

    private Port(
        IConnectionListener listener, IPEndPoint endpoint, ListenerKind kind, Task admitted, ConnectionLimit limit, Func<ConnectionContext, CancellationToken, ValueTask> handle, ILogger logger)
    {
        _listener = listener;
        EndPoint = endpoint;
        Kind = kind;
        _accepting = AcceptAsync(admitted, limit, handle, logger);
    }

    public IPEndPoint EndPoint { get; }

    public ListenerKind Kind { get; }

    /// <summary>Opens a port, or says who has it. Who connects waits until all are admitted.</summary>
    public static async Task<Result<Port>> OpenAsync(
        IConnectionListenerFactory transport, IPEndPoint endpoint, ListenerKind kind, Task admitted, ConnectionLimit limit,
        Func<ConnectionContext, CancellationToken, ValueTask> handle, ILogger logger, CancellationToken cancellation)
    {
        try
        {
            return new Port(await transport.BindAsync(endpoint, cancellation), endpoint, kind, admitted, limit, handle, logger);
        }
        catch (Exception exception) when (exception is AddressInUseException or SocketException or IOException)
        {
            return PortHolder.Refusal(endpoint, exception, isUdp: false);
        }
    }

    /// <summary>Accepts no more; connections that are open stay so. It can be asked again.</summary>
    public async Task StopAcceptingAsync()
    {
        await _closing.CancelAsync();
        await _listener.UnbindAsync();
        await _accepting;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAcceptingAsync();
        await _listener.DisposeAsync();
        _closing.Dispose();
    }

    private async Task AcceptAsync(Task admitted, ConnectionLimit limit, Func<ConnectionContext, CancellationToken, ValueTask> handle, ILogger logger)
    {
        try
        {
            await admitted.WaitAsync(_closing.Token);
            while (await AcceptOneAsync(logger) is { } connection)
            {
                await AdmitAsync(connection, limit, handle, logger);
            }
        }
        catch (Exception) when (_closing.IsCancellationRequested)
        {
            // Closed.
        }
    }

    // What goes wrong with one connection is no other's affair, nor is what goes wrong while one is waited for: a port that gave up would be deaf
    // for ever.
    private async Task AdmitAsync(ConnectionContext connection, ConnectionLimit limit, Func<ConnectionContext, CancellationToken, ValueTask> handle, ILogger logger)
    {
        ConnectionContext? let = null;
        try
        {
            let = await limit.AdmitAsync(connection);
            if (let is not null)
            {
                await handle(let, _closing.Token);
            }
        }
        catch (Exception exception)
        {
            logger.AdmitFailed(exception, EndPoint);
            await GiveBackAsync(let);
        }
    }

    // With its place.
    private static async ValueTask GiveBackAsync(ConnectionContext? let)
    {
        try
        {
            await (let?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
        catch (Exception)
        {
            // The first failure has been said.
        }
    }

    private async Task<ConnectionContext?> AcceptOneAsync(ILogger logger)
    {
        while (true)
        {
            try
            {
                return await _listener.AcceptAsync(_closing.Token);
            }
            catch (Exception exception) when (!_closing.IsCancellationRequested)
            {
                logger.AcceptFailed(exception, EndPoint);
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, _closing.Token);
            }
        }
    }
}
