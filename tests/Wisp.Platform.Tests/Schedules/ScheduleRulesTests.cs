using Wisp.Platform.Records;
using Wisp.Platform.Schedules;

namespace Wisp.Platform.Tests.Schedules;

/// <summary>What may be asked of schedules, and how they are changed.</summary>
public sealed class ScheduleRulesTests
{
    private static readonly DateTimeOffset Now = new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset Midnight = new(2024, 5, 1, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, string, ScheduleAction, string[]?, ErrorCode, string> Broken => new()
    {
        { "", "daily", ScheduleAction.Stop, null, ErrorCode.InvalidValue, "Invalid name ''" },
        { "-a", "daily", ScheduleAction.Stop, null, ErrorCode.InvalidValue, "Invalid name '-a'" },
        { "a b", "daily", ScheduleAction.Stop, null, ErrorCode.InvalidValue, "Invalid name 'a b'" },
        { new string('n', 64), "daily", ScheduleAction.Stop, null, ErrorCode.InvalidValue, "Invalid name" },
        { "a", "25:00", ScheduleAction.Stop, null, ErrorCode.InvalidValue, "Schedule 'a': '25:00' is not a calendar event: '25' does not fit" },
        { "a", "12:00 Nowhere/City", ScheduleAction.Stop, null, ErrorCode.InvalidValue, "no time zone that is known here" },
        { "a", "2020-01-01", ScheduleAction.Stop, null, ErrorCode.InvalidValue, "never comes" },
        { "a", "*-02-30", ScheduleAction.Stop, null, ErrorCode.InvalidValue, "never comes" },
        { "a", "*:*:0,59", ScheduleAction.Stop, null, ErrorCode.InvalidValue, "more than once a minute" },
        { "a", "*:*:*", ScheduleAction.Stop, null, ErrorCode.InvalidValue, "more than once a minute" },
        { "a", "Mon *-02-29 12:00:00/59.5", ScheduleAction.Stop, null, ErrorCode.InvalidValue, "more than once a minute" },
        { "a", "*-*-* *:*:0/0.000001", ScheduleAction.Stop, null, ErrorCode.InvalidValue, "more than once a minute" },
        { "a", string.Join(',', Enumerable.Repeat("1", 128)) + ":00", ScheduleAction.Stop, null, ErrorCode.TooLong, "longer than 256 characters" },
        { "a", "daily", ScheduleAction.Exec, ["/bin/true"], ErrorCode.NotSupported, "'exec' of schedule 'a' is not supported" },
        { "a", "daily", ScheduleAction.Start, ["/bin/true"], ErrorCode.InvalidValue, "'args'" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void What_cannot_be_is_refused_by_name(string name, string when, ScheduleAction action, string[]? args, ErrorCode code, string part)
    {
        var error = ScheduleRules.Check([new Schedule("fine", "daily", ScheduleAction.Start), new Schedule(name, when, action, args)], Now);
        Assert.Equal(code, error?.Code);
        Assert.Contains(part, error!.Message, StringComparison.Ordinal);
        Assert.NotNull(error.NextStep);
    }

    [Theory]
    [InlineData("minutely")]
    [InlineData("*:*:30")]
    [InlineData("Mon..Fri 8:00 Europe/Berlin")]
    [InlineData("2024-05-01 12:00:01")]
    [InlineData("@1893456000")]
    public void What_comes_once_a_minute_at_most_is_taken(string when) => Assert.Null(ScheduleRules.Check([new Schedule("a", when, ScheduleAction.Stop)], Now));

    [Fact]
    public void There_are_sixteen_at_most_each_with_its_name()
    {
        Assert.Null(ScheduleRules.Check(Many(16), Now));
        Assert.Equal(ErrorCode.TooMany, ScheduleRules.Check(Many(17), Now)?.Code);
        Assert.Equal(ErrorCode.AlreadyExists, ScheduleRules.Check([.. Many(2), .. Many(1)], Now)?.Code);
    }

    [Fact]
    public void One_that_is_set_again_as_it_was_goes_on_and_another_begins_anew()
    {
        var present = ScheduleRules.Make([new("a", "daily", ScheduleAction.Start), new("b", "daily", ScheduleAction.Stop)], Now);
        var later = Now.AddHours(1);
        var changed = ScheduleRules.Set(present, [new("a", "daily", ScheduleAction.Start), new("b", "hourly", ScheduleAction.Stop)], later).Value;
        Assert.Equal([("a", Now), ("b", later)], changed.Select(schedule => (schedule.Name, schedule.Since)));
        Assert.Equal(ErrorCode.InvalidValue, ScheduleRules.Set(present, [new("a", "x", ScheduleAction.Start)], later).Error?.Code);
    }

    [Fact]
    public void Some_are_added_and_taken_away_by_name()
    {
        var present = ScheduleRules.Make(Many(15), Now);
        Assert.Equal(16, ScheduleRules.Add(present, [new("more", "daily", ScheduleAction.Start)], Now).Value.Count);
        Assert.Equal(ErrorCode.AlreadyExists, ScheduleRules.Add(present, [new("s1", "daily", ScheduleAction.Start)], Now).Error?.Code);
        Assert.Equal(ErrorCode.TooMany, ScheduleRules.Add(present, [new("x", "daily", ScheduleAction.Start), new("y", "daily", ScheduleAction.Start)], Now).Error?.Code);
        Assert.Equal(13, ScheduleRules.Remove(present, ["s1", "s2", "nothing"]).Value.Count);
        Assert.Empty(ScheduleRules.Remove(present, null).Value);
    }

    [Theory]
    // Since a moment; the last time until now.
    [InlineData("minutely", "2024-05-01T11:59:30", "2024-05-01T12:00:00")]
    [InlineData("minutely", "2020-05-01T11:59:30", "2024-05-01T12:00:00")]
    [InlineData("*-*-* 09..10:*", "2020-01-01T00:00:00", "2024-05-01T10:59:00")]
    [InlineData("Mon 20:00", "2024-01-01T00:00:00", "2024-04-29T20:00:00")]
    [InlineData("yearly", "2010-06-01T00:00:00", "2024-01-01T00:00:00")]
    [InlineData("2012..2015-03-01", "2010-06-01T00:00:00", "2015-03-01T00:00:00")]
    [InlineData("daily", "2024-05-01T00:00:00", null)]
    public void The_last_time_that_was_missed_is_found(string when, string since, string? last)
    {
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, culture, System.Globalization.DateTimeStyles.AssumeUniversal);
        var schedule = new ScheduleRecord { Name = "a", When = when, Action = ScheduleAction.Start, Since = Utc(since) };
        Assert.Equal(last is null ? null : Utc(last), schedule.LastDue(Now));
    }

    [Fact]
    public void A_copy_with_another_since_has_another_next_time()
    {
        var schedule = new ScheduleRecord { Name = "a", When = "daily", Action = ScheduleAction.Start, Since = Now };
        Assert.Equal(Midnight.AddDays(1), schedule.NextAt);
        Assert.Equal(Midnight.AddDays(2), (schedule with { Since = Now.AddDays(1) }).NextAt);
        Assert.Equal(Now.AddHours(1), (schedule with { When = "hourly" }).NextAt);
    }

    private static Schedule[] Many(int count) => [.. Enumerable.Range(1, count).Select(number => new Schedule($"s{number}", "daily", ScheduleAction.Start))];
}
