using Wisp.Guest.Native;
using Wisp.GuestProtocol;

namespace Wisp.Guest.Agent;

/// <summary>The virtio-serial port to the host.</summary>
internal sealed class AgentPort
{
    private readonly FrameDecoder _decoder = new();
    private readonly byte[] _buffer = new byte[65536];
    private readonly Queue<byte[]> _unsent = new();
    private int _offset;
    private bool _holdsBack;

    private AgentPort(int fd) => Fd = fd;

    /// <summary>To be watched edge-triggered: a port whose host has hung up says so for ever, and only an edge tells of a new one.</summary>
    public int Fd { get; }

    /// <summary>
    /// Opens the port, which the driver announces some time after its module is loaded (later on a busy host); null when it does not
    /// come within ten seconds.
    /// </summary>
    public static unsafe AgentPort? Await()
    {
        const int stepMs = 2;
        var nothing = Libc.epoll_create1(Libc.CloseOnExec);
        try
        {
            for (var waited = 0; waited < 10_000; waited += stepMs)
            {
                if (TryOpen() is { } port)
                {
                    return port;
                }

                EpollEvent none;
                // SAFETY: watches nothing, so it writes nothing and is a plain wait.
                _ = Libc.epoll_wait(nothing, &none, 1, stepMs);
            }

            return null;
        }
        finally
        {
            _ = Libc.close(nothing);
        }
    }

    private static AgentPort? TryOpen()
    {
        if (!Directory.Exists("/sys/class/virtio-ports"))
        {
            return null;
        }

        foreach (var port in Directory.GetDirectories("/sys/class/virtio-ports"))
        {
            if (Descriptor.ReadText(Path.Combine(port, "name"))?.Trim() == AgentFrame.PortName)
            {
                var fd = Libc.open("/dev/" + Path.GetFileName(port), Libc.ReadWrite | Libc.NonBlock | Libc.CloseOnExec, 0);
                return fd < 0 ? null : new AgentPort(fd);
            }
        }

        return null;
    }

    /// <summary>Reads all there is and hands out the frames; also sends what waits.</summary>
    public void Pump(Action<FrameKind, ReadOnlyMemory<byte>> handle)
    {
        while (true)
        {
            var count = Descriptor.Read(Fd, _buffer);
            if (count > 0)
            {
                _decoder.Feed(_buffer.AsSpan(0, count), handle);
                continue;
            }

            if (count == 0)
            {
                // The host has hung up. It asks for the status when it is back, so nothing need be kept for it.
                _decoder.Reset();
                _unsent.Clear();
                _offset = 0;
            }

            break;
        }

        Flush();
    }

    /// <summary>Sends a frame, now or as soon as the port takes it; a host that is not there gets nothing.</summary>
    public void Send(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        _unsent.Enqueue(AgentFrame.Encode(kind, payload));
        if (!_holdsBack)
        {
            Flush();
        }
    }

    /// <summary>Sends all that an action sends at once: each time that the host is told of something costs as much as what it is told.</summary>
    public void Together(Action action)
    {
        _holdsBack = true;
        action();
        _holdsBack = false;
        var length = 0;
        foreach (var frame in _unsent)
        {
            length += frame.Length;
        }

        var all = new byte[length];
        var at = 0;
        while (_unsent.TryDequeue(out var frame))
        {
            frame.CopyTo(all, at);
            at += frame.Length;
        }

        _unsent.Enqueue(all);
        Flush();
    }

    private void Flush()
    {
        while (_unsent.TryPeek(out var frame))
        {
            _offset += Descriptor.Write(Fd, frame.AsSpan(_offset));
            if (_offset < frame.Length)
            {
                return;
            }

            _unsent.Dequeue();
            _offset = 0;
        }
    }
}
