using System.Globalization;

namespace Wisp.Cli.Output;

/// <summary>Sizes, times and digests in words of a few characters. Pure.</summary>
internal static class Words
{
    private const long Mebi = 1 << 20;

    /// <summary>Bytes.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < Mebi => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        < Mebi * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)Mebi:0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(Mebi * 1024):0.##} GiB"),
    };

    /// <summary>So many of something, in the singular or the plural.</summary>
    public static string Count(int count, string one) => string.Create(CultureInfo.InvariantCulture, $"{count} {one}{(count == 1 ? "" : "s")}");

    /// <summary>A span of time, in its largest unit or two.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(span.TotalSeconds, 0):0.0}s"),
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0}s"),
        { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes}m{span.Seconds}s"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours}h{span.Minutes}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays}d"),
    };

    /// <summary>Microseconds as milliseconds.</summary>
    public static string Milliseconds(long microseconds) => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1000.0:0.0} ms");

    /// <summary>How long ago a time of the wire was, or in how long it is.</summary>
    public static string? Ago(string? time, TimeProvider clock) =>
        !DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var then) ? null
        // A server's clock may be a little ahead.
        : clock.GetUtcNow() - then is var past && past > TimeSpan.FromSeconds(-1) ? Span(past) + " ago"
        : "in " + Span(-past);

    /// <summary><c>name@sha256:…</c> with a digest of twelve digits.</summary>
    public static string? Image(string? url)
    {
        const string mark = "@sha256:";
        const int digits = 12;
        var at = url?.IndexOf(mark, StringComparison.Ordinal) ?? -1;
        return at >= 0 && url!.Length > at + mark.Length + digits ? url[..(at + mark.Length + digits)] : url;
    }

    /// <summary>An argument as a shell would take it.</summary>
    public static string Quote(string argument) =>
        argument.Length > 0 && argument.All(character => char.IsAsciiLetterOrDigit(character) || "-_./:=@%+,".Contains(character, StringComparison.Ordinal))
            ? argument
            : "'" + argument.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
