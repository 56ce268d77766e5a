namespace Wisp.Bench.Measuring;

/// <summary>One figure of the report: a distribution (with <see cref="N"/>) or a single <see cref="Value"/>.</summary>
internal sealed record Series
{
    public required string Name { get; init; }

    public required string Unit { get; init; }

    public int? N { get; init; }

    public double? P50 { get; init; }

    public double? P90 { get; init; }

    public double? P99 { get; init; }

    public double? Max { get; init; }

    public int? Failed { get; init; }

    public double? Value { get; init; }

    public static Series Of(string name, string unit, double value) => new() { Name = name, Unit = unit, Value = Math.Round(value, 3) };
}
