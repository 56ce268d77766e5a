namespace Wisp.Cli.Commands;

/// <summary>What a new instance begins from.</summary>
/// <param name="Member">What the API calls it.</param>
/// <param name="Name">Its name.</param>
internal sealed record Origin(string Member, string Name)
{
    public const string Image = "image";

    /// <summary>Everything that an instance can begin from.</summary>
    public static IReadOnlyList<string> Members { get; } = [Image, "template", "checkpoint", "branch_from"];
}
