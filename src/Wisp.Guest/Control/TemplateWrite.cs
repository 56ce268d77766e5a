using Wisp.Guest.Agent;
using Wisp.Guest.Fuse;
using Wisp.Guest.Native;
using Wisp.GuestProtocol;

namespace Wisp.Guest.Control;

/// <summary>The write to template_instance that waits until a clone goes on past it. There is one at a time.</summary>
internal sealed class TemplateWrite(FuseConnection fuse, FrameSender send)
{
    private ulong _request;
    private uint _count, _ticket;
    private bool _isClone;

    /// <summary>What reading gives: 1 in a clone of the template that a write made.</summary>
    public byte[] Text => [(byte)(_isClone ? '1' : '0'), (byte)'\n'];

    /// <summary>Lets a write of 1 wait.</summary>
    public void Enter(ulong request, ReadOnlySpan<byte> written)
    {
        if (!(written is [(byte)'1'] or [(byte)'1', (byte)'\n']))
        {
            fuse.Finish(request, Libc.EInval);
        }
        else if (_request != 0)
        {
            fuse.Finish(request, Libc.EBusy);
        }
        else
        {
            (_request, _count) = (request, (uint)written.Length);
            _ticket++;
            Ask();
        }
    }

    /// <summary>Tells the host of the write that it owes an answer, if there is one.</summary>
    public void Ask()
    {
        if (_request != 0)
        {
            send(FrameKind.TemplateRequest, NumberPayload.Encode(_ticket));
        }
    }

    /// <summary>The host could not.</summary>
    public void Done(TemplateOutcome outcome)
    {
        if (outcome.Ticket == _ticket)
        {
            End(outcome.Errno);
        }
    }

    /// <summary>This machine is another than the one whose application asked; is it a clone of the template that was made then?</summary>
    public void Leave(uint? ticket)
    {
        _isClone |= _request != 0 && ticket == _ticket;
        End(ticket == _ticket ? 0 : Libc.EStale);
    }

    private void End(int errno)
    {
        if (_request == 0)
        {
            return;
        }

        if (errno == 0)
        {
            fuse.Written(_request, _count);
        }
        else
        {
            fuse.Finish(_request, errno);
        }

        _request = 0;
    }
}
