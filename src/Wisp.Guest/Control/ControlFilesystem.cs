using Wisp.Guest.Agent;
using Wisp.Guest.Fuse;
using Wisp.Guest.Native;
using Wisp.GuestProtocol;

namespace Wisp.Guest.Control;

/// <summary>
/// /uk/libukp: what an application asks of its host. Served from init's own loop. Nothing is cached by the kernel, so what it shows
/// is always true.
/// </summary>
internal sealed class ControlFilesystem : IDisposable
{
    private const uint DirectIo = 1;

    private readonly FuseConnection _fuse;
    private readonly FrameSender _send;
    private readonly ForkChildren _children = new();
    private readonly ControlTree _tree;
    private readonly ForkQueue _forks;
    private readonly TemplateWrite _template;
    private readonly SleepHolds _holds = new();
    private readonly OpenFiles _files;

    public ControlFilesystem(FuseConnection fuse, FrameSender send)
    {
        (_fuse, _send) = (fuse, send);
        _tree = new ControlTree(_children);
        _forks = new ForkQueue(fuse, send);
        _template = new TemplateWrite(fuse, send);
        _files = new OpenFiles(fuse, _children, _forks, _template, _holds, ReportHolds);
    }

    /// <summary>Readable when there is a request; -1 once it is no more.</summary>
    public int Fd => _fuse.Fd;

    /// <summary>How many reads and writes wait for something to happen.</summary>
    public int Waiting => _forks.Waiting + _files.Waiting;

    /// <summary>Serves one request.</summary>
    public void Serve()
    {
        if (_fuse.TryRead(out var request))
        {
            Serve(request);
        }
    }

    /// <summary>Tells a host that knows nothing yet what applications want of it.</summary>
    public void Report()
    {
        if (_holds.Count > 0)
        {
            ReportHolds();
        }

        _forks.Ask();
        _template.Ask();
    }

    /// <summary>The host has forked this machine, or could not.</summary>
    public void OnForkDone(ForkOutcome outcome) => _forks.Done(outcome);

    /// <summary>The host could not make this machine a template.</summary>
    public void OnTemplateDone(TemplateOutcome outcome) => _template.Done(outcome);

    /// <summary>The host tells how a child stands.</summary>
    public void OnChild(ForkChild child)
    {
        if (_children.Put(child) is >= 0 and var number && (child.ExitCode is not null || child.Gone))
        {
            _files.OnChildEnded(number);
        }
    }

    /// <summary>This machine goes on from a captured memory, as the same one or as another.</summary>
    public void OnRestored(GuestRestore restore)
    {
        if (restore is { Identity: null, ForkTicket: null, TemplateTicket: null })
        {
            return;
        }

        _forks.Leave(restore.ForkTicket);
        _template.Leave(restore.TemplateTicket);
        _children.Clear();
        _files.OnChildEnded(-1);
    }

    /// <inheritdoc/>
    public void Dispose() => _fuse.Dispose();

    private void ReportHolds() => _send(FrameKind.SleepHolds, NumberPayload.Encode(_holds.Count));

    private void Serve(in FuseRequest request)
    {
        var unique = request.Unique;
        var node = new Node(request.Node);
        switch (request.Opcode)
        {
            case FuseOpcode.Initialize:
                _fuse.Greet(request);
                break;
            case FuseOpcode.Lookup:
                // The name ends with a NUL.
                Describe(unique, _tree.Find(node, request.Body[..^1]), isLookup: true);
                break;
            case FuseOpcode.GetAttributes:
            // A size of 0 is set by "echo > file", and is what it has; modes and times stay as they are.
            case FuseOpcode.SetAttributes:
                Describe(unique, node, isLookup: false);
                break;
            case FuseOpcode.Open when !_tree.IsStale(node):
                Opened(unique, _files.Open(node), DirectIo);
                break;
            case FuseOpcode.OpenDirectory when !_tree.IsStale(node):
                Opened(unique, 0, 0);
                break;
            case FuseOpcode.ReadDirectory:
                var listing = _fuse.Begin();
                _tree.List(node, request.Long(8), (int)Math.Min(request.Int(16), int.MaxValue), ref listing);
                _fuse.Send(unique, listing.Length);
                break;
            case FuseOpcode.Read:
                _files.Read(request);
                break;
            case FuseOpcode.Write:
                _files.Write(request);
                break;
            case FuseOpcode.Poll:
                _files.Poll(request);
                break;
            case FuseOpcode.Release:
                _files.Close(request.Long(0));
                _fuse.Finish(unique, 0);
                break;
            case FuseOpcode.Flush or FuseOpcode.ReleaseDirectory or FuseOpcode.Access:
                _fuse.Finish(unique, 0);
                break;
            case FuseOpcode.Interrupt:
                _files.Interrupt(request.Long(0));
                break;
            case FuseOpcode.Statistics:
                // struct fuse_kstatfs, 80 bytes: nothing in it, blocks of 4 KiB, names of up to 255 bytes.
                var statistics = _fuse.Begin();
                statistics.Zeroes(40);
                statistics.Int(4096);
                statistics.Int(255);
                statistics.Int(4096);
                statistics.Zeroes(28);
                _fuse.Send(unique, statistics.Length);
                break;
            case FuseOpcode.Forget or FuseOpcode.ForgetMany:
                // Has no answer, and a node is nothing to forget.
                break;
            case FuseOpcode.Open or FuseOpcode.OpenDirectory:
                _fuse.Finish(unique, Libc.EStale);
                break;
            case FuseOpcode.Create or FuseOpcode.MakeNode or FuseOpcode.MakeDirectory or FuseOpcode.MakeSymlink or FuseOpcode.Link
                or FuseOpcode.Unlink or FuseOpcode.RemoveDirectory or FuseOpcode.Rename or FuseOpcode.RenameWithFlags:
                _fuse.Finish(unique, Libc.EPerm);
                break;
            default:
                _fuse.Finish(unique, Libc.ENoSys);
                break;
        }
    }

    // struct fuse_entry_out (a lookup) or fuse_attr_out; both end with the attributes, and all times to live are 0.
    private void Describe(ulong unique, Node node, bool isLookup)
    {
        if (node == default || _tree.IsStale(node))
        {
            _fuse.Finish(unique, node == default ? Libc.ENoEnt : Libc.EStale);
            return;
        }

        var reply = _fuse.Begin();
        if (isLookup)
        {
            reply.Long(node.Id);
        }

        reply.Zeroes(isLookup ? 32 : 16);
        reply.Attributes(node.Inode, node.Mode, node.IsDirectory ? 2u : 1u);
        _fuse.Send(unique, reply.Length);
    }

    private void Opened(ulong unique, ulong handle, uint flags)
    {
        var reply = _fuse.Begin();
        reply.Long(handle);
        reply.Int(flags);
        reply.Int(0);
        _fuse.Send(unique, reply.Length);
    }
}
