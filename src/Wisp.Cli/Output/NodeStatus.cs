namespace Wisp.Cli.Output;

/// <summary>What <c>wisp status</c> prints. A server that the environment names is known by its endpoint only.</summary>
internal sealed record NodeStatus
{
    public required string Endpoint { get; init; }

    public string? TokenFile { get; init; }

    public string? Accelerator { get; init; }

    public string? AcceleratorReason { get; init; }

    public int? Pid { get; init; }

    public string? DataDir { get; init; }

    public string? Version { get; init; }

    /// <summary>Instances by state, where they were asked for.</summary>
    public IReadOnlyDictionary<string, int>? Instances { get; init; }
}
