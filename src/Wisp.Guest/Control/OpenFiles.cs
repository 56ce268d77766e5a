using System.Text;
using Wisp.Guest.Fuse;
using Wisp.Guest.Native;
using Wisp.GuestProtocol;

namespace Wisp.Guest.Control;

/// <summary>Reads, writes and polls of open files.</summary>
internal sealed class OpenFiles(
    FuseConnection fuse, ForkChildren children, ForkQueue forks, TemplateWrite template, SleepHolds holds, Action holdsChanged)
{
    private const uint NonBlocking = 0x800, Readable = 1, Writable = 4, ScheduleNotify = 1;

    private readonly List<Handle?> _open = [];
    private readonly List<(ulong Request, Handle Handle, uint Count, bool IsWrite)> _waiting = [];

    /// <summary>How many wait for a child's end.</summary>
    public int Waiting => _waiting.Count;

    public ulong Open(Node node)
    {
        var free = _open.IndexOf(null);
        if (free < 0)
        {
            free = _open.Count;
            _open.Add(null);
        }

        _open[free] = new Handle(node);
        return (ulong)free;
    }

    public void Close(ulong handle) => _open[(int)handle] = null;

    // struct fuse_read_in: handle, offset, size, flags of the read, lock owner, flags of the open file.
    public void Read(in FuseRequest request)
    {
        var handle = _open[(int)request.Long(0)]!;
        if (handle.Node.Kind == NodeKind.Wait && !HasEnded(handle))
        {
            Wait(request, handle, request.Int(16), isWrite: false);
            return;
        }

        var place = handle.Position(request.Long(8));
        if (handle.Node.Kind is not (NodeKind.Fork or NodeKind.Wait) && (handle.Content is null || place == 0))
        {
            handle.Content = Current(handle.Node);
        }

        Give(request.Unique, handle, place, request.Int(16));
    }

    // struct fuse_write_in: as above, then the bytes.
    public void Write(in FuseRequest request)
    {
        var (handle, count) = (_open[(int)request.Long(0)]!, request.Int(16));
        var written = request.Body[40..];
        handle.Wrote(request.Long(8), count);
        switch (handle.Node.Kind)
        {
            case NodeKind.Fork:
                forks.Enter(request.Unique, handle, count);
                break;
            case NodeKind.Template:
                template.Enter(request.Unique, written);
                break;
            case NodeKind.SleepHolds when holds.Apply(written) is not 0 and var errno:
                fuse.Finish(request.Unique, errno);
                break;
            case NodeKind.SleepHolds:
                // Before the writer goes on: the host is to know of it when it does.
                holdsChanged();
                fuse.Written(request.Unique, count);
                break;
            case NodeKind.Wait when HasEnded(handle):
                fuse.Written(request.Unique, count);
                break;
            case NodeKind.Wait:
                Wait(request, handle, count, isWrite: true);
                break;
            default:
                fuse.Finish(request.Unique, Libc.EBadF);
                break;
        }
    }

    // struct fuse_poll_in: handle, the kernel's handle, flags.
    public void Poll(in FuseRequest request)
    {
        var handle = _open[(int)request.Long(0)]!;
        var isReady = handle.Node.Kind != NodeKind.Wait || HasEnded(handle) || children[handle.Node.Child] is not { Gone: false };
        if (!isReady && (request.Int(16) & ScheduleNotify) != 0)
        {
            handle.Poller = request.Long(8);
        }

        var reply = fuse.Begin();
        reply.Int(isReady ? Readable | Writable : 0);
        reply.Int(0);
        fuse.Send(request.Unique, reply.Length);
    }

    /// <summary>A signal for whoever waits with this request.</summary>
    public void Interrupt(ulong request)
    {
        var at = _waiting.FindIndex(waiter => waiter.Request == request);
        if (at >= 0)
        {
            _waiting.RemoveAt(at);
            fuse.Finish(request, Libc.EIntr);
        }
        else
        {
            forks.Interrupt(request);
        }
    }

    /// <summary>A child has ended or is gone; -1: all of them are another machine's now.</summary>
    public void OnChildEnded(int number)
    {
        foreach (var handle in _open)
        {
            if (handle?.Node.Kind != NodeKind.Wait || (number >= 0 && handle.Node.Child != number))
            {
                continue;
            }

            // Kept with the handle: it is often gone right after it ended, and whoever waited for it then still reads how.
            _ = HasEnded(handle);
            if (handle.Poller is not 0 and var poller)
            {
                handle.Poller = 0;
                fuse.NotifyPoll(poller);
            }
        }

        for (var at = _waiting.Count - 1; at >= 0; at--)
        {
            var (request, handle, count, isWrite) = _waiting[at];
            if (number >= 0 && handle.Node.Child != number)
            {
                continue;
            }

            _waiting.RemoveAt(at);
            if (!HasEnded(handle))
            {
                fuse.Finish(request, Libc.EStale);
            }
            else if (isWrite)
            {
                fuse.Written(request, count);
            }
            else
            {
                Give(request, handle, 0, count);
            }
        }
    }

    private void Wait(in FuseRequest request, Handle handle, uint count, bool isWrite)
    {
        // Both structures have the flags of the open file at the same place.
        if (children[handle.Node.Child] is not { Gone: false })
        {
            fuse.Finish(request.Unique, Libc.EStale);
        }
        else if ((request.Int(32) & NonBlocking) != 0)
        {
            fuse.Finish(request.Unique, Libc.EAgain);
        }
        else
        {
            _waiting.Add((request.Unique, handle, count, isWrite));
        }
    }

    private bool HasEnded(Handle handle)
    {
        handle.Content ??= children[handle.Node.Child]?.ExitCode is { } code ? Encoding.ASCII.GetBytes($"{code}\n") : null;
        return handle.Content is not null;
    }

    // Null where it was a child's that is no more.
    private byte[]? Current(Node node) => node.Kind switch
    {
        NodeKind.Template => template.Text,
        NodeKind.SleepHolds => holds.Text,
        _ => children[node.Child] is not { Gone: false } child ? null : Line(child, node.Kind),
    };

    private static byte[] Line(ForkChild child, NodeKind kind) => Encoding.UTF8.GetBytes(kind switch
    {
        NodeKind.Snapshot => child.Snapshot + "\n",
        NodeKind.CreationTime => child.CreationTime + "\n",
        _ => child.Status + "\n",
    });

    private void Give(ulong request, Handle handle, int place, uint count)
    {
        if (handle.Content is null && handle.Node.Kind != NodeKind.Fork)
        {
            fuse.Finish(request, Libc.EStale);
            return;
        }

        var reply = fuse.Begin();
        ReadOnlySpan<byte> content = handle.Content;
        content = content[Math.Min(place, content.Length)..];
        reply.Bytes(content[..(int)Math.Min((uint)content.Length, Math.Min(count, (uint)reply.Left))]);
        fuse.Send(request, reply.Length);
    }
}
