namespace Wisp.Platform.Autoscale;

/// <summary>What is to be done.</summary>
/// <param name="Create">How many instances are added.</param>
/// <param name="Remove">Which of its own finish what they have, and go.</param>
/// <param name="Reason">Why.</param>
internal sealed record Decision(int Create, IReadOnlyList<Guid> Remove, string Reason)
{
    /// <summary>Instances whose requests are answered by it.</summary>
    public IReadOnlyList<Guid> Answered { get; init; } = [];

    /// <summary>True when there is something to do.</summary>
    public bool IsChange => Create > 0 || Remove.Count > 0;

    /// <summary>Nothing.</summary>
    public static Decision Nothing(string reason) => new(0, [], reason);
}
