namespace Wisp.Cli.Output;

/// <summary>The forms a result can be printed in.</summary>
internal enum OutputFormat
{
    /// <summary>A line an item.</summary>
    Table,
    /// <summary>A line a field.</summary>
    Kv,
    /// <summary>JSON with the names of fields.</summary>
    Json,
    /// <summary>The same as YAML.</summary>
    Yaml,
    /// <summary>Names only.</summary>
    Quiet,
    /// <summary>The API's answer as it came.</summary>
    Raw,
    /// <summary>A line an item, as a template says.</summary>
    Template,
}
