using System.Globalization;
using CsCheck;
using Wisp.Calendar.Tests.Support;

namespace Wisp.Calendar.Tests;

/// <summary>What holds without a systemd to ask.</summary>
public sealed class CalendarEventTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("daily", "*-*-* 00:00:00")]
    [InlineData("weekly", "Mon *-*-* 00:00:00")]
    [InlineData("quarterly", "*-01,04,07,10-01 00:00:00")]
    [InlineData("minutely", "*-*-* *:*:00")]
    [InlineData("Sat,Thu,Mon..Wed,Sat..Sun", "Mon..Thu,Sat,Sun *-*-* 00:00:00")]
    [InlineData("Mon,Sun 12-*-* 2,1:23", "Mon,Sun 2012-*-* 01,02:23:00")]
    [InlineData("Wed *-1", "Wed *-*-01 00:00:00")]
    [InlineData("10-15 1:2:3", "*-10-15 01:02:03")]
    [InlineData("*-*-7 utc", "*-*-07 00:00:00 UTC")]
    [InlineData("2003-3-5 5:40:23.4200004/3.1700005", "2003-03-05 05:40:23.420000/3.170001")]
    [InlineData("*:2/3", "*-*-* *:02/3:00")]
    [InlineData("05:40 Europe/Berlin", "*-*-* 05:40:00 Europe/Berlin")]
    [InlineData("Mon *-05~07/1", "Mon *-05~07/1 00:00:00")]
    public void It_is_written_in_its_normalised_form(string text, string normalised)
    {
        Assert.Equal(normalised, Parse(text).ToString());
        Assert.Equal(normalised, Parse(normalised).ToString());
    }

    [Theory]
    [InlineData("25:00", "'25' does not fit: an hour is 0 to 23")]
    [InlineData("*-13-1", "'13' does not fit: a month is 1 to 12")]
    [InlineData("12:00:75", "'75' does not fit: a second is 0 to 59")]
    [InlineData("*-*~1,28", "a day from the end of the month is 1 to 25 where 1 come before it in a list")]
    [InlineData("*:0/0", "'0/0' repeats at no distance")]
    [InlineData("*:0:0.1..0.5", "'0.1..0.5' is a range within one second")]
    [InlineData("Fri..Mon", "from Fri to Mon")]
    [InlineData("Mon..", "a range of days of the week has no end")]
    [InlineData("Mon,x", "a day of the week is missing before 'x'")]
    [InlineData("12:00 Nowhere/City", "'Nowhere/City' is left over")]
    [InlineData("2024-1-1T12:00", "'1' goes on with 'T'")]
    [InlineData("*:99999999999", "'99999999999' is too large a number")]
    [InlineData("12", "minutes are missing")]
    [InlineData("@soon", "'@soon' is no number of seconds since 1970")]
    [InlineData("", "it says no time")]
    [InlineData("12:00\0", "NUL")]
    public void An_error_names_the_part_that_is_wrong(string text, string part)
    {
        Assert.True(CalendarEvent.Parse(text).Failed(out var error, out _));
        Assert.Equal(ErrorCode.InvalidValue, error.Code);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.NextStep);
    }

    [Theory]
    [InlineData("12:00 right/UTC")]
    [InlineData("12:00 CEST")]
    public void What_depends_on_the_host_is_refused(string text) => Assert.True(CalendarEvent.Parse(text).Failed(out _, out _));

    [Fact]
    public void A_list_has_an_end()
    {
        Parse(string.Join(',', Enumerable.Repeat("1", 240)) + ":00");
        Assert.True(CalendarEvent.Parse(string.Join(',', Enumerable.Repeat("1", 241)) + ":00").Failed(out var error, out _));
        Assert.Contains("240", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    // Put forward: 02:30 does not come on that day, and 03:00 does, whatever it was repeated from.
    [InlineData("02:30 Europe/Berlin", "2024-03-30T01:30:00", "2024-04-01T00:30:00")]
    [InlineData("*:0/30 Europe/Berlin", "2024-03-31T00:30:00", "2024-03-31T01:00:00")]
    [InlineData("2..3:45 Europe/Berlin", "2024-03-31T00:00:00", "2024-03-31T01:45:00")]
    [InlineData("daily America/Santiago", "2024-09-07T04:00:00", "2024-09-09T03:00:00")]
    [InlineData("2011-12-30 Pacific/Apia", "2011-12-01T00:00:00", null)]
    // Where winter is what clocks are changed for, where two hours are left out, where they are left out from a minute past.
    [InlineData("1,2:00 Europe/Dublin", "2033-03-26T21:53:00", "2033-03-27T01:00:00")]
    [InlineData("2..4:00 Antarctica/Troll", "2014-03-29T20:19:00", "2014-03-30T01:00:00")]
    [InlineData("01:16 America/St_Johns", "1999-04-03T22:13:00", "1999-04-04T03:46:00")]
    // Put back: 02:30 comes once, the first time, unless that is past.
    [InlineData("02:30 Europe/Berlin", "2024-10-26T00:30:00", "2024-10-27T00:30:00")]
    [InlineData("02:30 Europe/Berlin", "2024-10-27T00:30:00", "2024-10-28T01:30:00")]
    [InlineData("02:30 Europe/Berlin", "2024-10-27T01:10:00", "2024-10-27T01:30:00")]
    [InlineData("00:30 America/Havana", "2020-01-01T12:00:00", "2020-01-02T05:30:00")]
    [InlineData("2020-11-01 00:30 America/Havana", "2020-01-01T12:00:00", "2020-11-01T04:30:00")]
    [InlineData("*-10~1 02:30 Europe/Berlin", "2004-10-30T10:44:00", "2004-10-31T00:30:00")]
    public void Clocks_that_are_changed_are_heeded(string text, string after, string? next) => Assert.Equal(Utc(next), Parse(text).Next(Utc(after)!.Value, TimeZoneInfo.Utc));

    [Theory]
    [InlineData("*:0/7", "2024-04-30T23:56:00", "2024-05-01T00:00:00")]
    [InlineData("1/5:00", "2024-04-30T21:00:00", "2024-05-01T01:00:00")]
    [InlineData("*:*:0/0.000001", "2024-01-01T00:00:00", "2024-01-01T00:00:00.000001")]
    [InlineData("*:*:0/7.25", "2024-01-01T00:00:29", "2024-01-01T00:00:36.25")]
    [InlineData("Mon *-02-29", "2024-03-01T00:00:00", "2044-02-29T00:00:00")]
    [InlineData("*-02,04,06,09,11-31", "2024-01-01T00:00:00", null)]
    [InlineData("2020-01-01", "2020-01-01T00:00:00", null)]
    [InlineData("2020-01-01", "2019-12-31T23:59:59.999999", "2020-01-01T00:00:00")]
    [InlineData("yearly", "2199-01-01T00:00:00", null)]
    [InlineData("daily", "0001-01-01T00:00:00", "1970-01-01T00:00:00")]
    [InlineData("daily", "9999-12-31T23:59:59", null)]
    public void The_next_one_is_after(string text, string after, string? next) => Assert.Equal(Utc(next), Parse(text).Next(Utc(after)!.Value, TimeZoneInfo.Utc));

    [Fact]
    public void A_part_of_a_microsecond_does_not_hide_a_moment() => Assert.Equal(
        Utc("2024-01-01T00:00:00.000001"), Parse("*:*:0/0.000001").Next(Utc("2024-01-01T00:00:00")!.Value.AddTicks(9), TimeZoneInfo.Utc));

    [Fact]
    public void It_goes_by_the_zone_that_it_names_and_else_by_the_one_that_it_is_asked_in()
    {
        var after = Utc("2024-07-01T00:00:00")!.Value;
        Assert.Equal(Utc("2024-07-01T10:00:00"), Parse("12:00").Next(after, Berlin));
        Assert.Equal(Utc("2024-07-01T12:00:00"), Parse("12:00 UTC").Next(after, Berlin));
        Assert.Equal(Utc("2024-07-01T16:00:00"), Parse("12:00 America/New_York").Next(after, Berlin));
    }

    [Fact]
    public void The_offset_in_which_it_is_asked_does_not_matter()
    {
        var after = Utc("2024-07-01T00:00:00")!.Value;
        Assert.Equal(Parse("3:00").Next(after, Berlin), Parse("3:00").Next(after.ToOffset(TimeSpan.FromHours(-9)), Berlin));
    }

    [Fact]
    public void Anything_is_read_or_refused() => Gen.OneOf(EventGen.Scribbles, Gen.String, Gen.String[Gen.OneOf(" *-~:,./@0129MonUTC".ToCharArray()), 0, 30])
        .Sample(
            text =>
            {
                if (!CalendarEvent.Parse(text).Failed(out var error, out var calendar))
                {
                    // What is written is read as the same.
                    Assert.Equal(calendar.ToString(), Parse(calendar.ToString()).ToString());
                    return;
                }

                Assert.Contains(" is not a calendar event: ", error.Message, StringComparison.Ordinal);
            },
            iter: 20_000);

    [Fact]
    public void The_next_one_is_the_first_that_is_after() => Gen.Select(EventGen.Local, Gen.Int[0, 86_400 * 400]).Sample(
        (text, second) =>
        {
            if (CalendarEvent.Parse(text).Failed(out _, out var calendar))
            {
                return;
            }

            var after = new DateTimeOffset(2023, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(second);
            if (calendar.Next(after, TimeZoneInfo.Utc) is { } next)
            {
                Assert.True(next > after);
                // From anywhere between the two it is the same one.
                Assert.Equal(next, calendar.Next(after + ((next - after) / 2) - TimeSpan.FromMicroseconds(1), TimeZoneInfo.Utc));
                Assert.Equal(next, calendar.Next(next.AddMicroseconds(-1), TimeZoneInfo.Utc));
            }
        },
        iter: 5_000);

    private static CalendarEvent Parse(string text) => CalendarEvent.Parse(text).Value;

    private static DateTimeOffset? Utc(string? text) => text is null ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
