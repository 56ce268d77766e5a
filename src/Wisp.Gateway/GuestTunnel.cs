using System.Net;
using System.Net.Sockets;
using Wisp.Gateway.Forwarding;

namespace Wisp.Gateway;

/// <summary>A connection to a port of an instance that need not be published. The instance stays awake until it is disposed of.</summary>
public sealed class GuestTunnel : IDisposable
{
    private readonly Backend _backend;

    private GuestTunnel(Backend backend, Socket socket, CancellationToken ended) => (_backend, Socket, MachineEnded) = (backend, socket, ended);

    /// <summary>The connection.</summary>
    public Socket Socket { get; }

    /// <summary>Cancelled when the machine has ended: one that died sends no reset.</summary>
    public CancellationToken MachineEnded { get; }

    /// <summary>Wakes an instance that sleeps, as any request does, and connects to it.</summary>
    /// <param name="backend">The instance.</param>
    /// <param name="port">The port inside the guest.</param>
    /// <param name="hold">How long a wake is waited for.</param>
    /// <param name="time">The clock for that.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The connection; or why there is none, <see cref="ErrorCode.OperationFailed"/> where nobody listens.</returns>
    public static async Task<Result<GuestTunnel>> OpenAsync(Backend backend, int port, TimeSpan hold, TimeProvider time, CancellationToken cancellation)
    {
        var awake = backend.Enter();
        try
        {
            if (!awake && (await WakeGate.PassAsync(backend, hold, time, cancellation)).Failed(out var error, out _))
            {
                backend.Leave();
                return error;
            }

            // Of the machine that is connected to, not of the one that comes after it.
            var ended = backend.MachineEnded;
            return new GuestTunnel(backend, await GuestSocket.ConnectAsync(new IPEndPoint(backend.Address, port), cancellation), ended);
        }
        catch (SocketException exception)
        {
            backend.Leave();
            return new WispError(
                ErrorCode.OperationFailed, $"Port {port} of instance '{backend.Name}' takes no connection: {exception.Message}", $"See on which ports it listens: wisp instances logs {backend.Name}");
        }
        catch
        {
            backend.Leave();
            throw;
        }
    }

    /// <summary>Lets the kernel end the connection of a client whose machine is gone: it says no goodbye, and would keep the instance awake.</summary>
    public static void Watch(Socket client) => Liveness.Watch(client);

    /// <inheritdoc/>
    public void Dispose()
    {
        Socket.Dispose();
        _backend.Leave();
    }
}
