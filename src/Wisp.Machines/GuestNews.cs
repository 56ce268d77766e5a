using Wisp.GuestProtocol;

namespace Wisp.Machines;

/// <summary>What a guest is told of the world outside.</summary>
public abstract record GuestNews
{
    private GuestNews() { }

    /// <summary>What became of a fork it asked for.</summary>
    public sealed record ForkDone(ForkOutcome Outcome) : GuestNews;

    /// <summary>How a child of it stands.</summary>
    public sealed record Child(ForkChild State) : GuestNews;

    /// <summary>It does not become a template after all.</summary>
    /// <param name="Ticket">The request.</param>
    /// <param name="Errno">What the application's write fails with, e.g. 5 EIO.</param>
    public sealed record NoTemplate(uint Ticket, int Errno) : GuestNews;

    /// <summary>It will be put to sleep.</summary>
    /// <param name="After">In how long.</param>
    public sealed record SleepComing(TimeSpan After) : GuestNews;
}
