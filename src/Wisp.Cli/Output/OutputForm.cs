namespace Wisp.Cli.Output;

/// <summary>The form that was asked for.</summary>
/// <param name="Format">The form.</param>
/// <param name="Template">The template, where it is one.</param>
internal sealed record OutputForm(OutputFormat Format, LineTemplate? Template = null);
