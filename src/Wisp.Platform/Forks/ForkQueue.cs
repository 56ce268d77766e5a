namespace Wisp.Platform.Forks;

/// <summary>Forks that a guest waits for, in order. Thread-safe.</summary>
internal sealed class ForkQueue
{
    private readonly Lock _gate = new();
    private readonly Queue<uint> _tickets = new();
    private bool _served;

    /// <summary>Joins the queue, unless it is in it already.</summary>
    /// <param name="ticket">The guest's number.</param>
    /// <param name="most">How many may wait beside the one that is served.</param>
    public ForkPlace Enter(uint ticket, int most)
    {
        lock (_gate)
        {
            if (_tickets.Contains(ticket))
            {
                return ForkPlace.Waiting;
            }

            if (_tickets.Count > most)
            {
                return ForkPlace.Full;
            }

            _tickets.Enqueue(ticket);
            if (_served)
            {
                return ForkPlace.Waiting;
            }

            _served = true;
            return ForkPlace.First;
        }
    }

    /// <summary>The one to serve now, which stays in the queue; null when all are, and then the next to enter is the first.</summary>
    public uint? Next()
    {
        lock (_gate)
        {
            if (_tickets.TryPeek(out var ticket))
            {
                return ticket;
            }

            _served = false;
            return null;
        }
    }

    /// <summary>The one that was served has its answer.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _tickets.Dequeue();
        }
    }
}
