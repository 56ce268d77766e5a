using Wisp.Bench.Measuring;

namespace Wisp.Bench.Reporting;

/// <summary>Everything that was measured in one run.</summary>
/// <param name="Accelerator"><c>kvm</c> or <c>tcg</c>.</param>
/// <param name="Machine">What it was measured on.</param>
/// <param name="Commit">Of what.</param>
/// <param name="Results">The figures.</param>
internal sealed record BenchReport(string Accelerator, MachineDescription Machine, string Commit, IReadOnlyList<Series> Results);
