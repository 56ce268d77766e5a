using Wisp.Bench.Measuring;
using Wisp.Bench.Node;

namespace Wisp.Bench.Suites;

/// <summary>Something that is measured, by itself.</summary>
internal interface IMeasurement
{
    /// <summary>What, in a few words, for who waits.</summary>
    string Title { get; }

    /// <summary>How the node is set up for it.</summary>
    NodeSettings Settings => NodeSettings.Usual;

    /// <summary>Measures. Leaves no instance behind when it succeeds; the node goes when it fails.</summary>
    Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation);
}
