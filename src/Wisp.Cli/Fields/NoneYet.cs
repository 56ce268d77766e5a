namespace Wisp.Cli.Fields;

/// <summary>What there is none of, and how there is.</summary>
/// <param name="Plural">Several of them.</param>
/// <param name="Make">The command that makes one; null while none does.</param>
internal sealed record NoneYet(string Plural, string? Make)
{
    /// <summary>What is said.</summary>
    /// <param name="filtered">True when conditions were given, for which there may be some after all.</param>
    public string Text(bool filtered) => filtered ? $"No {Plural} for which that holds." : Make is null ? $"No {Plural}." : $"No {Plural}. Make one: {Make}";
}
