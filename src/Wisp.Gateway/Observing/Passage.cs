using Microsoft.AspNetCore.Http;
using Wisp.Gateway.Forwarding;

namespace Wisp.Gateway.Observing;

/// <summary>One request, connection or session of datagrams on its way through, as far as it is counted and noted. Dispose of it when it is over.</summary>
internal readonly struct Passage(Observer observer, ServiceTraffic traffic, AccessEntry? entry, HttpContext? context) : IDisposable
{
    // The client did not wait for the answer; nobody sends it, but many logs have it.
    private const int ClientClosed = 499;

    /// <summary>What forwards it.</summary>
    public GatewayTransformer Transformer => entry is null ? traffic.Transformer : new GatewayTransformer(traffic, entry);

    /// <summary>It goes to this instance.</summary>
    public void To(Backend backend)
    {
        if (entry is not null)
        {
            entry.Instance = backend.Name;
            entry.Tries++;
        }
    }

    /// <summary>It waited for a wake.</summary>
    public void Waited(WakeTiming timing)
    {
        if (entry is not null)
        {
            (entry.HoldMs, entry.WakeMs) = (AccessEntry.Milliseconds(timing.Hold), AccessEntry.Milliseconds(timing.Wake));
        }
    }

    /// <summary>What forwards it after a wake.</summary>
    public GatewayTransformer Woken(WakeTiming timing, TimeProvider time)
    {
        Waited(timing);
        return new WokenTransformer(timing, time, traffic, entry);
    }

    /// <summary>The gateway itself answers, or ends it.</summary>
    public void Fail(GatewayError error)
    {
        traffic.Fail(error);
        entry?.Error = error.Word();
    }

    /// <summary>A datagram of the client has gone to the instance.</summary>
    public void Receive(int bytes)
    {
        traffic.Receive(bytes);
        entry?.Receive(bytes);
    }

    /// <summary>A datagram of the instance has gone to the client.</summary>
    public void Send(int bytes)
    {
        traffic.Send(bytes);
        entry?.Send(bytes);
    }

    /// <summary>A stream to the instance.</summary>
    public Stream Count(Stream guest) => new CountedStream(guest, traffic, entry, isClients: false);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (context is null)
        {
            traffic.End();
        }
        else
        {
            var status = context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted ? ClientClosed : context.Response.StatusCode;
            traffic.End(status);
            entry?.Status = status;
        }

        if (entry is not null)
        {
            observer.Note(entry);
        }
    }
}
