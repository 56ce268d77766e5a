using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Wisp.GuestProtocol;
using Wisp.Machines;
using Wisp.Platform.Instances;
using Wisp.Platform.Instances.Supervision;

namespace Wisp.Platform.Forks;

/// <summary>Carries out the forks that guests ask for: those of one parent one after the other, those of several side by side.</summary>
internal sealed class ForkService(Catalogue catalogue, ForkMaker maker, ForkFamilies families, ForkLimit limit, BackgroundWork work, ILogger logger)
{
    private const int MostWaiting = 16;
    private const int InputOutputError = 5;
    private const int TryAgain = 11;
    private const int Busy = 16;

    private readonly ConcurrentDictionary<Guid, ForkQueue> _queues = new();

    /// <summary>An application asked for a fork. In the parent's turn.</summary>
    public void Request(InstanceSupervisor parent, uint ticket)
    {
        var queue = _queues.GetOrAdd(parent.Record.Uuid, _ => new ForkQueue());
        switch (queue.Enter(ticket, MostWaiting))
        {
            case ForkPlace.Full:
                work.Begin(() => TellAsync(parent, new ForkOutcome { Ticket = ticket, Errno = Busy }));
                break;
            case ForkPlace.First:
                work.Begin(() => ServeAsync(parent, queue));
                break;
        }
    }

    /// <summary>Its record is gone.</summary>
    public void Forget(Guid parent) => _queues.TryRemove(parent, out _);

    private async Task ServeAsync(InstanceSupervisor parent, ForkQueue queue)
    {
        // Counts like an open request: it must not be put to sleep with somebody waiting in it.
        parent.Backend.Enter();
        try
        {
            while (queue.Next() is { } ticket)
            {
                await ForkAsync(parent, ticket);
                queue.Leave();
            }
        }
        finally
        {
            parent.Backend.Leave();
        }
    }

    private async Task ForkAsync(InstanceSupervisor parent, uint ticket)
    {
        // A guest that still waits says so again to a new wispd; the child may be there already.
        var known = ForkFamilies.ChildrenOf(parent, catalogue).FirstOrDefault(child => child.Record.ForkTicket == ticket && child.State != InstanceState.Deleted);
        if (known is null && (await maker.ForkAsync(parent, ticket)).Failed(out var error, out known))
        {
            var isRefused = error.Code == ErrorCode.Quota;
            if (isRefused)
            {
                limit.Say(parent, error);
            }
            else
            {
                logger.Trouble(parent.Record.Name, parent.Record.Uuid, "forking it", error);
            }

            await TellAsync(parent, new ForkOutcome { Ticket = ticket, Errno = isRefused ? TryAgain : InputOutputError });
            return;
        }

        // The parent finds its child's directory when it reads the uuid.
        families.Follow(known!);
        await families.SettleAsync(parent.Record.Uuid);
        await TellAsync(parent, new ForkOutcome { Ticket = ticket, Uuid = known!.Record.Uuid });
    }

    private static Task TellAsync(InstanceSupervisor parent, ForkOutcome outcome) => parent.TellAsync(new GuestNews.ForkDone(outcome));
}
