namespace Wisp.Platform.Autoscale;

/// <summary>What is to be done.</summary>
/// <param name="Create">How many instances are added.</param>
/// <param name="Remove">Which of its own finish what they have, and go.</param>
/// <param name="Reason">Why.</param>
internal sealed record Decision(int Create, IReadOnlyList<Guid> Remove, string Reason)
{
    /// <summary>Instances whose requests are answered by it.</summary>
    public IReadOnlyList<Guid> Answered { get; init; } = [];

    /// <summary>The same where only so many can be added: who would have got a companion that does not come is not answered, and stays.</summary>
    public Decision Cut(int create)
    {
        if (create >= Create)
        {
            return this;
        }

        Guid[] answered = [.. Answered.Take(Math.Max(0, Answered.Count - (Create - create)))];
        return this with { Create = create, Remove = [.. Remove.Where(going => !Answered.Contains(going) || answered.Contains(going))], Answered = answered };
    }

    /// <summary>True when there is something to do.</summary>
    public bool IsChange => Create > 0 || Remove.Count > 0;

    /// <summary>Nothing.</summary>
    public static Decision Nothing(string reason) => new(0, [], reason);
}
