using Wisp.Guest.Agent;
using Wisp.Guest.Fuse;
using Wisp.Guest.Native;
using Wisp.GuestProtocol;

namespace Wisp.Guest.Control;

/// <summary>Forks that applications wait for. The host hears of one at a time; the others wait their turn.</summary>
internal sealed class ForkQueue(FuseConnection fuse, FrameSender send)
{
    private const int Limit = 16;

    // "00000000-0000-0000-0000-000000000000\n", what a child reads.
    private static readonly byte[] NoChild = Line(Guid.Empty);

    private readonly List<(ulong Request, Handle Handle, uint Count)> _waiting = [];
    private uint _ticket;

    /// <summary>How many wait.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Lets a write wait for its fork.</summary>
    public void Enter(ulong request, Handle handle, uint count)
    {
        if (_waiting.Count == Limit)
        {
            fuse.Finish(request, Libc.EBusy);
            return;
        }

        handle.Content = null;
        _waiting.Add((request, handle, count));
        if (_waiting.Count == 1)
        {
            _ticket++;
            Ask();
        }
    }

    /// <summary>Tells the host of the fork that it owes an answer, if there is one.</summary>
    public void Ask()
    {
        if (_waiting.Count > 0)
        {
            send(FrameKind.ForkRequest, NumberPayload.Encode(_ticket));
        }
    }

    /// <summary>
    /// A signal for a writer: it goes, unless the host has been asked for its fork already. A child that nobody hears of would be worse
    /// than a signal that waits.
    /// </summary>
    public void Interrupt(ulong request)
    {
        for (var i = 1; i < _waiting.Count; i++)
        {
            if (_waiting[i].Request == request)
            {
                _waiting.RemoveAt(i);
                fuse.Finish(request, Libc.EIntr);
                return;
            }
        }
    }

    /// <summary>The host has forked this machine, or could not.</summary>
    public void Done(ForkOutcome outcome)
    {
        if (_waiting.Count == 0 || outcome.Ticket != _ticket)
        {
            return;
        }

        if (outcome is { Errno: 0, Uuid: { } child })
        {
            Complete(Line(child));
        }
        else
        {
            fuse.Finish(_waiting[0].Request, outcome.Errno > 0 ? outcome.Errno : Libc.EIo);
            _waiting.RemoveAt(0);
        }

        if (_waiting.Count > 0)
        {
            _ticket++;
            Ask();
        }
    }

    /// <summary>This machine is another than the one whose applications asked: at most one of them is served, as its child.</summary>
    public void Leave(uint? ticket)
    {
        if (_waiting.Count > 0 && ticket == _ticket)
        {
            Complete(NoChild);
        }

        foreach (var (request, _, _) in _waiting)
        {
            fuse.Finish(request, Libc.EStale);
        }

        _waiting.Clear();
    }

    private void Complete(byte[] answer)
    {
        var (request, handle, count) = _waiting[0];
        _waiting.RemoveAt(0);
        handle.Content = answer;
        fuse.Written(request, count);
    }

    private static byte[] Line(Guid uuid) => System.Text.Encoding.ASCII.GetBytes(uuid.ToString() + "\n");
}
