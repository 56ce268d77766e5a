namespace Wisp.Cli.Commands.Frozen;

/// <summary>What templates and checkpoints are called, and where the API has them.</summary>
/// <param name="Singular">One of them.</param>
/// <param name="Path">Where they are.</param>
/// <param name="Command">The command for them, of which examples are made.</param>
internal sealed record FrozenWords(string Singular, string Path, string Command)
{
    public const string TemplatePath = "/v1/instances/templates";
    public const string CheckpointPath = "/v1/instances/checkpoints";

    public string Plural => Singular + "s";
}
