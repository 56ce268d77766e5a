using CsCheck;
using Wisp.Calendar.Tests.Support;

namespace Wisp.Calendar.Tests;

/// <summary>What is generated means the same to systemd: taken or refused, written, and when it comes.</summary>
public sealed class SystemdTests
{
    private const int Batch = 500;

    private static readonly Gen<DateTimeOffset> Moments = MomentsBetween(1971, 2150);

    private static Gen<DateTimeOffset> MomentsBetween(int first, int last) =>
        Gen.Int[0, 86_400 * 365].Select(Gen.Int[first, last], (second, year) => new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(second));

    [Fact]
    public async Task Corner_cases_mean_the_same()
    {
        await SystemdAnalyze.RequireAsync();
        var after = new DateTimeOffset(2024, 1, 31, 12, 0, 0, TimeSpan.Zero);
        await Comparison.AssertSameAsync("UTC", after, 5, Corners.All);
        await Comparison.AssertSameAsync("Europe/Berlin", after, 5, Corners.All);
    }

    [Fact]
    public async Task Events_mean_the_same()
    {
        await SystemdAnalyze.RequireAsync();
        await Gen.Select(Moments, EventGen.Local.Array[Batch])
            .SampleAsync((after, events) => Comparison.AssertSameAsync("UTC", after, 4, events), iter: 6, threads: 1);
    }

    [Fact]
    public async Task Scribbles_are_taken_or_refused_alike()
    {
        await SystemdAnalyze.RequireAsync();
        await Gen.Select(Moments, EventGen.Scribbles.Array[Batch])
            .SampleAsync((after, events) => Comparison.AssertSameAsync("UTC", after, 1, events), iter: 6, threads: 1);
    }

    [Fact]
    public async Task Events_in_time_zones_mean_the_same()
    {
        await SystemdAnalyze.RequireAsync();
        // Until 1972 there was a zone (Africa/Monrovia) whose offset had seconds, which those of .NET cannot have.
        await Gen.Select(MomentsBetween(1973, 2036), Gen.Select(EventGen.Local, Zones.Any, (text, zone) => $"{text} {zone}").Array[Batch / 2])
            .SampleAsync((after, events) => Comparison.AssertSameAsync("UTC", after, 2, events), iter: 4, threads: 1);
    }

    [Fact]
    public async Task Nights_in_which_clocks_are_changed_mean_the_same()
    {
        await SystemdAnalyze.RequireAsync();
        await Gen.Select(Zones.Changes, Gen.Int[-30 * 60, 6 * 60], EventGen.Nightly.Array[150])
            .SampleAsync((change, minutes, events) => Comparison.AssertSameAsync(change.Zone, change.At.AddMinutes(minutes), 6, events), iter: 30, threads: 1);
    }
}
