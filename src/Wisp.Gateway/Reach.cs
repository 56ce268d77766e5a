using System.Net;
using System.Net.Sockets;
using Wisp.Gateway.Forwarding;

namespace Wisp.Gateway;

/// <summary>
/// Whether a port of a backend accepts connections, as far as is known. One that did not is out: others are asked instead, and it is
/// looked at again by itself, ever less often, until it accepts.
/// </summary>
internal sealed class Reach(Backend backend, int port, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private int _out;

    /// <summary>True while it is out.</summary>
    public bool IsOut => Volatile.Read(ref _out) != 0;

    /// <summary>It did not accept.</summary>
    /// <returns>False when that was known.</returns>
    public bool TakeOut()
    {
        if (Interlocked.Exchange(ref _out, 1) != 0)
        {
            return false;
        }

        // Not awaited: it ends with the machine, and reports by what others read here.
        _ = ProbeAsync(backend.MachineEnded);
        return true;
    }

    private async Task ProbeAsync(CancellationToken ended)
    {
        var pause = FirstPause;
        try
        {
            do
            {
                await Task.Delay(pause, time, ended);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            // One that sleeps or has ended is another once it is awake: whoever needs it finds out.
            while (backend.State == BackendState.Awake && !await AcceptsAsync(ended));
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Its machine has ended.
        }
        finally
        {
            Volatile.Write(ref _out, 0);
        }
    }

    private async Task<bool> AcceptsAsync(CancellationToken ended)
    {
        try
        {
            (await GuestSocket.ConnectAsync(new IPEndPoint(backend.Address, port), ended)).Dispose();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
