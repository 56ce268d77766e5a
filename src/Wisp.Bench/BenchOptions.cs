namespace Wisp.Bench;

/// <summary>What to measure and how to say it.</summary>
public sealed record BenchOptions
{
    /// <summary>One of <see cref="BenchCommand.Suites"/>.</summary>
    public string Suite { get; init; } = "all";

    /// <summary>Measures only what has this in its title, whatever the case; null measures the whole suite.</summary>
    public string? Only { get; init; }

    /// <summary>True prints one JSON object and nothing else.</summary>
    public bool Json { get; init; }

    /// <summary>How often each thing of the suite <c>snapshots</c> is measured at most, for a trial run; null is as often as the figures need.</summary>
    public int? Count { get; init; }

    /// <summary>The example that is measured: a directory with a Dockerfile of an HTTP server on port 8080. Null finds <c>examples/hello</c>.</summary>
    public string? ImageDirectory { get; init; }
}
