using System.Text.Json;
using Wisp.Bench.Measuring;
using Wisp.Bench.Reporting;

namespace Wisp.Bench.Tests.Reporting;

public sealed class BenchReportTests
{
    private static readonly BenchReport Report = new(
        "tcg",
        new MachineDescription(2, "Some CPU", 24105, "6.18.0", "7.2.22", "10.0.1", 0.25),
        "a4f334c",
        [
            new Series { Name = "wake.paused.first_byte", Unit = "ms", N = 200, P50 = 6.7, P90 = 8.25, P99 = 26, Max = 30, Failed = 0 },
            new Series { Name = "peer.crun.first_byte", Unit = "ms", N = 0, Failed = 20 },
            Series.Of("wake.storm.wakes", Units.Count, 1),
            Series.Of("gateway.throughput.ratio_direct", Units.Ratio, 0.71234),
        ]);

    [Fact]
    public void Its_JSON_is_the_contract()
    {
        Assert.Equal(
            """
            {"accelerator":"tcg",
            "machine":{"cpus":2,"model":"Some CPU","memory_mib":24105,"kernel":"6.18.0","qemu":"7.2.22","dotnet":"10.0.1","load":0.25},
            "commit":"a4f334c",
            "results":[
            {"name":"wake.paused.first_byte","unit":"ms","n":200,"p50":6.7,"p90":8.25,"p99":26,"max":30,"failed":0},
            {"name":"peer.crun.first_byte","unit":"ms","n":0,"failed":20},
            {"name":"wake.storm.wakes","unit":"count","value":1},
            {"name":"gateway.throughput.ratio_direct","unit":"ratio","value":0.712}
            ]}
            """.ReplaceLineEndings(""),
            JsonSerializer.Serialize(Report, BenchJson.Default.BenchReport));
    }

    [Fact]
    public void Its_table_judges_each_figure()
    {
        Assert.Equal(
            """
            Measured with tcg (software emulation: no hardware virtualisation here) on 2 CPUs of Some CPU, 24105 MiB, Linux 6.18.0, QEMU 7.2.22; wisp a4f334c.

            times in ms             p50   p90  p99  max    n  failed  target
            wake.paused.first_byte  6.7  8.25   26   30  200       0  p50 <= 8 ok, p99 <= 20 MISSED
            peer.crun.first_byte      -     -    -    -    0      20

            figures                          value   unit  target
            wake.storm.wakes                     1  count  = 1 ok
            gateway.throughput.ratio_direct   0.71  ratio  >= 0.6 ok

            """,
            ReportTable.Render(Report));
    }

    [Fact]
    public void Its_table_says_when_others_used_the_machine()
    {
        Assert.DoesNotContain("busy", ReportTable.Render(Report), StringComparison.Ordinal);
        Assert.Contains(
            "\nIt was busy before this began (load 2.5): times are longer than they need be.\n",
            ReportTable.Render(Report with { Machine = Report.Machine with { Load = 2.5 } }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_series_without_figures_misses_its_target()
    {
        var series = new Series { Name = "gateway.overhead", Unit = "ms", N = 0, Failed = 1 };
        Assert.False(Assert.Single(Target.Of(series)).IsMetBy(series));
    }
}
