using Wisp.Cli.Fields;

namespace Wisp.Cli.Resources;

/// <summary>A kind of resource, of which its commands are made.</summary>
/// <param name="Singular">One of them.</param>
/// <param name="Command">The command for them, of which examples are made.</param>
/// <param name="Path">Where the API has them.</param>
/// <param name="Fields">What is known of one.</param>
internal sealed record Resource(string Singular, string Command, string Path, FieldSet Fields)
{
    /// <summary>Several.</summary>
    public string Plural { get; init; } = Singular + "s";

    /// <summary>Names that examples use.</summary>
    public string Example { get; init; } = "hello";
}
