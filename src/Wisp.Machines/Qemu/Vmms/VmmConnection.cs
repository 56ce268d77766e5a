using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Wisp.Machines.Agent;
using Wisp.Machines.Qmp;

namespace Wisp.Machines.Qemu.Vmms;

/// <summary>The two sockets to a VMM: QMP and the guest's agent.</summary>
internal sealed partial record VmmConnection(QmpClient Qmp, AgentConnection Agent) : IAsyncDisposable
{
    // unix(7), sun_path with its ending NUL.
    private const int LongestPath = 107;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(5);

    /// <summary>Connects to a VMM that may still be on its way to listening.</summary>
    public static async Task<Result<VmmConnection>> OpenAsync(
        VmmFiles files, VmmProcess process, TimeProvider time, TimeSpan timeout, CancellationToken cancellation)
    {
        if ((await ConnectAsync(files.QmpSocket, files, process, time, timeout, cancellation)).Failed(out var error, out var qmpSocket)
            || (await QmpClient.ConnectAsync(qmpSocket, time, timeout, cancellation)).Failed(out error, out var qmp))
        {
            return process.IsAlive ? error : Died(files);
        }

        try
        {
            if (!(await ConnectAsync(files.AgentSocket, files, process, time, timeout, cancellation)).Failed(out error, out var agentSocket))
            {
                return new VmmConnection(qmp, new AgentConnection(agentSocket, time, () => ReopenAsync(files, process, time, timeout)));
            }
        }
        catch (OperationCanceledException)
        {
            await qmp.DisposeAsync();
            throw;
        }

        await qmp.DisposeAsync();
        return error;
    }

    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        await Qmp.DisposeAsync();
    }

    private static async Task<Socket?> ReopenAsync(VmmFiles files, VmmProcess process, TimeProvider time, TimeSpan timeout) =>
        (await ConnectAsync(files.AgentSocket, files, process, time, timeout, CancellationToken.None)).Failed(out _, out var socket) ? null : socket;

    private static async Task<Result<Socket>> ConnectAsync(
        string path, VmmFiles files, VmmProcess process, TimeProvider time, TimeSpan timeout, CancellationToken cancellation)
    {
        if (Encoding.UTF8.GetByteCount(path) > LongestPath)
        {
            return new WispError(
                ErrorCode.InvalidValue, $"The path of the socket {path} is longer than the {LongestPath} bytes that a socket may have.", "Set WISP_DATA_DIR to a shorter path.");
        }

        var from = time.GetTimestamp();
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                if (PeerOf(socket) == process.Pid)
                {
                    return socket;
                }

                // The directory is writable to the VMM: what listens there is believed only when it is the VMM.
                socket.Dispose();
                return new WispError(ErrorCode.OperationFailed, $"{path} does not belong to the VMM (pid {process.Pid}).");
            }
            catch (SocketException exception)
            {
                socket.Dispose();
                if (!process.IsAlive)
                {
                    return Died(files);
                }

                if (time.GetElapsedTime(from) > timeout)
                {
                    return new WispError(ErrorCode.TimedOut, $"The VMM does not listen on {path}: {exception.Message}.", null, "vmm-start");
                }
            }
            catch (OperationCanceledException)
            {
                socket.Dispose();
                throw;
            }

            await Task.Delay(RetryDelay, time, cancellation);
        }
    }

    private static WispError Died(VmmFiles files) => new(
        ErrorCode.OperationFailed, $"The VMM ended as it started: {VmmFiles.LastLine(files.Log) ?? "it said nothing"}", null, "vmm-start");

    private static int PeerOf(Socket socket)
    {
        const int level = 1, peerCredentials = 17;
        Span<byte> credentials = stackalloc byte[12];
        // struct ucred: pid, uid, gid (unix(7), SO_PEERCRED).
        socket.GetRawSocketOption(level, peerCredentials, credentials);
        return MemoryMarshal.Read<int>(credentials);
    }
}
