using Wisp.Bench.Measuring;

namespace Wisp.Cli.Commands.Demo;

/// <summary>What the demo measured.</summary>
/// <param name="FirstAnswerMs">Time to the first byte of the first answer.</param>
/// <param name="WakesMs">The same of requests that found the instance asleep, ascending.</param>
internal sealed record DemoFigures(double FirstAnswerMs, IReadOnlyList<double> WakesMs)
{
    /// <summary>A quantile of the wakes.</summary>
    public double Wake(int percent) => Math.Round(Quantile.Of(WakesMs, percent), 2);
}
