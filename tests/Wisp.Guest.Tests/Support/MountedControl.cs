using System.Collections.Concurrent;
using System.Text;
using Wisp.Guest.Control;
using Wisp.Guest.Fuse;
using Wisp.Guest.Native;
using Wisp.GuestProtocol;

namespace Wisp.Guest.Tests.Support;

/// <summary>/uk/libukp on this machine's own FUSE, and the host that it talks to.</summary>
internal sealed unsafe class MountedControl : IDisposable
{
    private readonly ControlFilesystem _control;
    private readonly FuseConnection _fuse;
    private readonly object _turn = new();
    private readonly Thread _server;
    private readonly int _stop = Libc.eventfd(0, Libc.CloseOnExec);

    public MountedControl()
    {
        Assert.SkipWhen(!File.Exists("/dev/fuse"), "This kernel has no FUSE.");
        Path = Directory.CreateTempSubdirectory("wisp-libukp-").FullName;
        _fuse = FuseConnection.Mount(Path) ?? throw new InvalidOperationException($"mount: errno {Libc.Errno}");
        _control = new ControlFilesystem(_fuse, (kind, payload) => Heard.Add((kind, payload.ToArray())));
        _server = new Thread(Serve) { IsBackground = true };
        _server.Start();
    }

    public string Path { get; }

    /// <summary>What the guest said, in order.</summary>
    public BlockingCollection<(FrameKind Kind, byte[] Payload)> Heard { get; } = [];

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Waits for the next frame, which must be of this kind, and reads its number.</summary>
    public uint HearTicket(FrameKind kind)
    {
        Assert.True(Heard.TryTake(out var frame, TimeSpan.FromSeconds(60)));
        Assert.Equal(kind, frame.Kind);
        Assert.True(NumberPayload.TryDecode(frame.Payload, out uint ticket));
        return ticket;
    }

    /// <summary>Does something as init's loop would: between two requests.</summary>
    public void Do(Action<ControlFilesystem> action)
    {
        lock (_turn)
        {
            action(_control);
        }
    }

    /// <summary>Waits until so many writes and reads wait.</summary>
    public Task UntilWaiting(int count) => Task.Factory.StartNew(() =>
    {
        lock (_turn)
        {
            while (_control.Waiting != count)
            {
                Monitor.Wait(_turn);
            }
        }
    }, TaskCreationOptions.LongRunning);

    /// <summary>write(2); the count, or minus errno.</summary>
    public static int Write(int fd, string text)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(text))
        {
            var count = (int)Libc.write(fd, bytes, (nuint)text.Length);
            return count < 0 ? -Libc.Errno : count;
        }
    }

    /// <summary>read(2) of up to 100 bytes; the text, or minus errno as text.</summary>
    public static string Read(int fd)
    {
        var bytes = stackalloc byte[100];
        var count = (int)Libc.read(fd, bytes, 100);
        return count < 0 ? $"errno {Libc.Errno}" : Encoding.UTF8.GetString(bytes, count);
    }

    /// <summary>open(2), read and write; the descriptor, or minus errno.</summary>
    public int Open(string name, int flags = Libc.ReadWrite)
    {
        var fd = Libc.open(this[name], flags | Libc.CloseOnExec, 0);
        return fd < 0 ? -Libc.Errno : fd;
    }

    /// <summary>A write in a thread of its own, since it waits.</summary>
    public static Task<int> WriteLater(int fd, string text) => Task.Factory.StartNew(() => Write(fd, text), TaskCreationOptions.LongRunning);

    public void Dispose()
    {
        Descriptor.Write(_stop, [1, 0, 0, 0, 0, 0, 0, 0]);
        _server.Join();
        _control.Dispose();
        _ = Libc.umount2(Path, 2);
        Directory.Delete(Path);
        _ = Libc.close(_stop);
        Heard.Dispose();
    }

    private void Serve()
    {
        var epoll = Libc.epoll_create1(Libc.CloseOnExec);
        foreach (var fd in (int[])[_fuse.Fd, _stop])
        {
            var wanted = new EpollEvent { Events = Libc.EpollIn, Fd = fd };
            _ = Libc.epoll_ctl(epoll, Libc.EpollAdd, fd, &wanted);
        }

        EpollEvent happened;
        while (Libc.epoll_wait(epoll, &happened, 1, -1) < 1 || happened.Fd != _stop)
        {
            lock (_turn)
            {
                _control.Serve();
                Monitor.PulseAll(_turn);
            }
        }

        _ = Libc.close(epoll);
    }
}
