using System.Globalization;
using Wisp.Bench.Measuring;

namespace Wisp.Bench.Reporting;

/// <summary>The report for people: times, then figures, each beside what it has to reach. Pure.</summary>
internal static class ReportTable
{
    public static string Render(BenchReport report)
    {
        var machine = report.Machine;
        var slow = report.Accelerator == "tcg" ? " (software emulation: no hardware virtualisation here)" : "";
        List<string> lines =
        [
            $"Measured with {report.Accelerator}{slow} on {machine.Cpus} CPUs of {machine.Model}, {machine.MemoryMib} MiB, Linux {machine.Kernel}, QEMU {machine.Qemu}; wisp {report.Commit}.",
        ];
        if (machine.IsBusy)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"It was busy before this began (load {machine.Load}): times are longer than they need be."));
        }

        var times = report.Results.Where(series => series.N is not null).ToArray();
        if (times.Length > 0)
        {
            lines.Add("");
            lines.AddRange(Columns(
                ["times in ms", "p50", "p90", "p99", "max", "n", "failed", "target"],
                times.Select(series => (string[])[
                    series.Name, Number(series.P50), Number(series.P90), Number(series.P99), Number(series.Max), Number(series.N), Number(series.Failed), Judge(series)])));
        }

        var figures = report.Results.Where(series => series.N is null).ToArray();
        if (figures.Length > 0)
        {
            lines.Add("");
            lines.AddRange(Columns(
                ["figures", "value", "unit", "target"],
                figures.Select(series => (string[])[series.Name, Number(series.Value), series.Unit, Judge(series)])));
        }

        return string.Join('\n', lines) + "\n";
    }

    private static string Judge(Series series) =>
        string.Join(", ", Target.Of(series).Select(target => $"{target} {(target.IsMetBy(series) ? "ok" : "MISSED")}"));

    private static string Number(double? value) => value?.ToString("0.##", CultureInfo.InvariantCulture) ?? "-";

    // Numbers to the right; the first and the last column are words.
    private static IEnumerable<string> Columns(string[] titles, IEnumerable<string[]> rows)
    {
        var all = rows.Prepend(titles).ToArray();
        var widths = titles.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        return all.Select(row => string.Join("  ", row.Select((cell, column) =>
            column == 0 || column == row.Length - 1 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd());
    }
}
