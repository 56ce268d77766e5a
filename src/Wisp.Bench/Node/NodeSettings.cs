using System.Globalization;

namespace Wisp.Bench.Node;

/// <summary>How the wispd under measurement is set up. Null is as it is without saying anything.</summary>
/// <param name="ReclaimAfter">How long an instance sleeps before its RAM is given back.</param>
/// <param name="HibernateAfter">How long it sleeps before it is frozen to disk.</param>
/// <param name="HttpPort">Where port 80 of services is.</param>
/// <param name="HttpsPort">Where their port 443 is.</param>
/// <param name="MaxConnections">How many connections clients of services may have open.</param>
internal sealed record NodeSettings(TimeSpan? ReclaimAfter, TimeSpan? HibernateAfter, int? HttpPort = null, int? HttpsPort = null, int? MaxConnections = null)
{
    // Longer than any measurement.
    private static readonly TimeSpan Never = TimeSpan.FromDays(1);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    /// <summary>As users have it.</summary>
    public static NodeSettings Usual { get; } = new(null, null);

    /// <summary>Sleepers give their RAM back at once, and keep their process.</summary>
    public static NodeSettings Reclaiming { get; } = new(Soon, Never);

    /// <summary>Sleepers are frozen to disk at once.</summary>
    public static NodeSettings Hibernating { get; } = new(Never, Soon);

    /// <summary>Services share ports of this node by name, and sleepers stay in memory.</summary>
    public static NodeSettings Named { get; } = new(Never, Never, BenchNode.FreePort(), BenchNode.FreePort());

    /// <summary>The options of <c>wispd serve</c>.</summary>
    public IEnumerable<string> Arguments =>
    [
        .. Option("--reclaim-after", ReclaimAfter), .. Option("--hibernate-after", HibernateAfter), .. Option("--http-port", HttpPort), .. Option("--https-port", HttpsPort),
        .. Option("--max-connections", MaxConnections),
    ];

    private static IEnumerable<string> Option(string name, int? number) => number is { } given ? [name, given.ToString(CultureInfo.InvariantCulture)] : [];

    private static IEnumerable<string> Option(string name, TimeSpan? value) =>
        value is { } given ? [name, string.Create(CultureInfo.InvariantCulture, $"{(long)given.TotalMilliseconds}ms")] : [];
}
