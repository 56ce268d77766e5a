using Wisp.Cli.Connections;
using Wisp.Cli.Output;

namespace Wisp.Cli.Tests;

public sealed class WordsTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(121L << 20, "121 MiB")]
    [InlineData(3L << 30, "3 GiB")]
    public void Bytes_have_a_unit_that_fits(long bytes, string expected) => Assert.Equal(expected, Words.Bytes(bytes));

    [Theory]
    [InlineData(-5, "0.0s")]
    [InlineData(2.34, "2.3s")]
    [InlineData(59.4, "59s")]
    [InlineData(61, "1m1s")]
    [InlineData(3_661, "1h1m")]
    [InlineData(172_800, "2d")]
    public void A_span_has_the_units_that_matter(double seconds, string expected) => Assert.Equal(expected, Words.Span(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("2026-01-01T11:58:00Z", "2m0s ago")]
    [InlineData("2026-01-01T12:00:00.5Z", "0.0s ago")]
    [InlineData("2026-01-01T12:00:30Z", "in 30s")]
    [InlineData("2026-01-02T01:00:00Z", "in 13h0m")]
    [InlineData("never", null)]
    public void A_time_is_said_from_now(string time, string? expected) => Assert.Equal(expected, Words.Ago(time, new Noon()));

    [Theory]
    [InlineData("hello@sha256:159beaef1d10f56c2b35", "hello@sha256:159beaef1d10")]
    [InlineData("hello@sha256:159b", "hello@sha256:159b")]
    [InlineData("hello:latest", "hello:latest")]
    [InlineData(null, null)]
    public void A_digest_is_cut_to_what_tells_images_apart(string? url, string? expected) => Assert.Equal(expected, Words.Image(url));

    [Theory]
    [InlineData("/bin/true", "/bin/true")]
    [InlineData("a b", "'a b'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("", "''")]
    [InlineData("$(reboot)", "'$(reboot)'")]
    public void An_argument_is_quoted_as_a_shell_takes_it(string argument, string expected) => Assert.Equal(expected, Words.Quote(argument));

    [Theory]
    [InlineData("2026-11-24T02:36:11.123Z info: Wisp.Node[1000] Unpacking the kernel", "Unpacking the kernel")]
    [InlineData("wispd: it burns", "wispd: it burns")]
    public void A_line_of_the_log_is_shown_without_its_head(string line, string expected) => Assert.Equal(expected, DaemonLogLine.Text(line));

    private sealed class Noon : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    }
}
