namespace Wisp.Cli.Output;

/// <summary>The forms a result can be printed in.</summary>
internal enum OutputFormat
{
    /// <summary>A line an item.</summary>
    Table,
    /// <summary>A line a field.</summary>
    Kv,
    /// <summary>JSON with the names of the wire.</summary>
    Json,
    /// <summary>Names only.</summary>
    Quiet,
    /// <summary>The API's answer as it came.</summary>
    Raw,
}
