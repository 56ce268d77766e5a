using Wisp.GuestProtocol;
using Wisp.Machines;
using Wisp.Platform.Instances;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Forks;

/// <summary>What tests of forks share.</summary>
internal static class Forking
{
    /// <summary>Has a guest ask for a fork, and waits for what it hears.</summary>
    public static async Task<ForkOutcome> AskAsync(TestNode node, FakeMachine parent, uint ticket)
    {
        var before = Done(parent).Count;
        parent.Happen(new MachineEvent.ForkRequested(ticket));
        await node.UntilAsync(() => Done(parent).Count > before);
        Assert.Equal(ticket, Done(parent)[before].Ticket);
        return Done(parent)[before];
    }

    /// <summary>Has a guest ask for a fork, which it gets.</summary>
    public static async Task<InstanceView> ForkAsync(TestNode node, FakeMachine parent, uint ticket)
    {
        var outcome = await AskAsync(node, parent, ticket);
        Assert.Equal(0, outcome.Errno);
        return node.Instances.Find(ResourceRef.To(outcome.Uuid!.Value)).Value;
    }

    /// <summary>What became of a guest's forks.</summary>
    public static List<ForkOutcome> Done(FakeMachine machine) => [.. machine.Told.OfType<GuestNews.ForkDone>().Select(news => news.Outcome)];

    /// <summary>What a guest heard of its children.</summary>
    public static List<ForkChild> News(FakeMachine machine) => [.. machine.Told.OfType<GuestNews.Child>().Select(news => news.State)];
}
