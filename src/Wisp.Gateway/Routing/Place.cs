namespace Wisp.Gateway.Routing;

/// <summary>A target's place in the order in which they are asked.</summary>
/// <param name="Tier">The kind of place: lower is asked before.</param>
/// <param name="Order">The order within it.</param>
/// <param name="Limit">What may be in flight once the request has entered; zero where none can.</param>
internal readonly record struct Place(int Tier, int Order, int Limit)
{
    private const int Crowded = 3;

    /// <summary>Has as much as it may have. What is out comes after it: nobody knows that it would serve.</summary>
    public static Place Full { get; } = new(5, 0, 0);

    /// <summary>Takes no traffic at all.</summary>
    public static Place Gone { get; } = new(7, 0, 0);

    /// <summary>True when it can be asked.</summary>
    public bool IsOpen => Limit > 0;

    /// <summary>True when there is none with less than it should have.</summary>
    public bool IsCrowded => Tier >= Crowded;

    /// <summary>True when it is asked before another.</summary>
    public bool IsBefore(Place other) => Tier < other.Tier || (Tier == other.Tier && Order < other.Order);

    /// <summary>The place of a target. Pure.</summary>
    /// <param name="state">Whether it takes traffic.</param>
    /// <param name="load">What is in flight, held requests included.</param>
    /// <param name="isOut">Whether it does not accept connections, and is only asked when there is no other.</param>
    /// <param name="soft">The load at which another is woken.</param>
    /// <param name="hard">The load that it takes at most.</param>
    public static Place Of(BackendState state, int load, bool isOut, int soft, int hard) => state switch
    {
        BackendState.Gone => Gone,
        _ when load >= hard => Full,
        _ when isOut => new(6, load, hard),
        BackendState.Awake when load < soft => new(0, load, soft),
        // Of those that sleep, first one that is being woken already, and of these the one with most to do: the others may sleep on.
        BackendState.FallingAsleep when load < soft => new(1, -load, soft),
        BackendState.Asleep when load < soft => new(2, -load, soft),
        BackendState.Awake => new(Crowded, load, hard),
        _ => new(4, load, hard),
    };
}
