using System.Text.RegularExpressions;
using Wisp.Calendar;
using Wisp.Platform.Frozen;
using Wisp.Platform.Records;

namespace Wisp.Platform.Schedules;

/// <summary>The rules of schedules, and how they are changed. Pure.</summary>
internal static partial class ScheduleRules
{
    private const int MaxSchedules = 16;
    private const int MaxWhenLength = 256;

    // What comes more often than this shows it within a few of its times: at the latest in the second minute of a day.
    private const int Looked = 10;

    private static readonly TimeSpan Closest = TimeSpan.FromMinutes(1);

    /// <summary>The first rule that is broken, or null.</summary>
    /// <param name="schedules">The schedules that were asked for.</param>
    /// <param name="now">The present.</param>
    public static WispError? Check(IReadOnlyList<Schedule>? schedules, DateTimeOffset now) =>
        schedules is null ? null
        : schedules.Count > MaxSchedules ? new WispError(ErrorCode.TooMany, $"At most {MaxSchedules} schedules are allowed.")
        : schedules.GroupBy(schedule => schedule.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? new WispError(ErrorCode.AlreadyExists, $"There are two schedules with the name '{twice.Key}'.", "Give each a name of its own.")
        : schedules.Select(schedule => Check(schedule, now)).FirstOrDefault(broken => broken is not null);

    /// <summary>The records of schedules that were asked for; null is none.</summary>
    public static IReadOnlyList<ScheduleRecord> Make(IReadOnlyList<Schedule>? schedules, DateTimeOffset now) =>
        [.. (schedules ?? []).Select(schedule => new ScheduleRecord { Name = schedule.Name, When = schedule.When, Action = schedule.Action, Since = now })];

    /// <summary>Those of a clone: what was asked for, else what its origin has. What its origin missed is not the clone's.</summary>
    public static IReadOnlyList<ScheduleRecord> Inherit(IReadOnlyList<Schedule>? asked, IReadOnlyList<ScheduleRecord> origin, DateTimeOffset now) =>
        asked is null ? [.. origin.Select(schedule => schedule with { Since = now })] : Make(asked, now);

    /// <summary>Whether a change is one of schedules.</summary>
    public static bool IsAbout(PropertyChange change) =>
        change is PropertyChange.SetSchedules or PropertyChange.AddSchedules or PropertyChange.RemoveSchedules;

    /// <summary>The schedules after a change of them, or the rule that is broken.</summary>
    public static Result<IReadOnlyList<ScheduleRecord>> Change(IReadOnlyList<ScheduleRecord> present, PropertyChange change, DateTimeOffset now) => change switch
    {
        PropertyChange.SetSchedules set => Set(present, set.Schedules, now),
        PropertyChange.AddSchedules add => Add(present, add.Schedules, now),
        PropertyChange.RemoveSchedules remove => Remove(present, remove.Names),
        _ => present.ToArray(),
    };

    /// <summary>Other schedules in place of those there are. One that stays as it was goes on as it was.</summary>
    public static Result<IReadOnlyList<ScheduleRecord>> Set(IReadOnlyList<ScheduleRecord> present, IReadOnlyList<Schedule> wanted, DateTimeOffset now) =>
        Check(wanted, now) is { } broken
            ? broken
            : Make(wanted, now).Select(made => present.FirstOrDefault(old => (old.Name, old.When, old.Action) == (made.Name, made.When, made.Action)) ?? made).ToArray();

    /// <summary>More schedules.</summary>
    public static Result<IReadOnlyList<ScheduleRecord>> Add(IReadOnlyList<ScheduleRecord> present, IReadOnlyList<Schedule> more, DateTimeOffset now) =>
        Check(more, now) is { } broken ? broken
        : more.FirstOrDefault(schedule => present.Any(old => old.Name == schedule.Name)) is { } twice
            ? new WispError(ErrorCode.AlreadyExists, $"A schedule with the name '{twice.Name}' already exists", "Choose another name, or delete that one.")
        : present.Count + more.Count > MaxSchedules ? new WispError(ErrorCode.TooMany, $"At most {MaxSchedules} schedules are allowed.")
        : present.Concat(Make(more, now)).ToArray();

    /// <summary>Fewer schedules.</summary>
    /// <param name="present">Those there are.</param>
    /// <param name="names">Which ones go; null takes them all.</param>
    public static Result<IReadOnlyList<ScheduleRecord>> Remove(IReadOnlyList<ScheduleRecord> present, IReadOnlyList<string>? names) =>
        present.Where(schedule => names?.Contains(schedule.Name, StringComparer.Ordinal) == false).ToArray();

    private static WispError? Check(Schedule schedule, DateTimeOffset now)
    {
        if (!Name().IsMatch(schedule.Name))
        {
            return new WispError(
                ErrorCode.InvalidValue, $"Invalid name '{schedule.Name}' of a schedule.", "Use 1 to 63 letters, digits, '-', '_' and '.', beginning with a letter or digit.");
        }

        if (schedule.Action == ScheduleAction.Exec)
        {
            return new WispError(
                ErrorCode.NotSupported,
                $"The action 'exec' of schedule '{schedule.Name}' is not supported: nothing can run a command in a guest yet.",
                "Use start, stop, delete or checkpoint.");
        }

        if (schedule.Args is { Count: > 0 })
        {
            return new WispError(ErrorCode.InvalidValue, $"Schedule '{schedule.Name}' has 'args', which go with the action 'exec' only.", "Leave them out.");
        }

        if (schedule.When.Length > MaxWhenLength)
        {
            return new WispError(ErrorCode.TooLong, $"The 'when' of schedule '{schedule.Name}' is longer than {MaxWhenLength} characters.", "Make several schedules of it.");
        }

        return CalendarEvent.Parse(schedule.When).Failed(out var error, out var calendar)
            ? error with { Message = $"Schedule '{schedule.Name}': {error.Message}" }
            : CheckTimes(schedule, calendar, now);
    }

    private static WispError? CheckTimes(Schedule schedule, CalendarEvent calendar, DateTimeOffset now)
    {
        if (calendar.Next(now, TimeZoneInfo.Utc) is not { } last)
        {
            return new WispError(
                ErrorCode.InvalidValue, $"'{schedule.When}' of schedule '{schedule.Name}' never comes: it is past, or there is no such day.", "Name a time that is to come.", "calendar-event");
        }

        for (var looked = 1; looked < Looked && calendar.Next(last, TimeZoneInfo.Utc) is { } next; looked++)
        {
            if (next - last < Closest)
            {
                return new WispError(
                    ErrorCode.InvalidValue, $"'{schedule.When}' of schedule '{schedule.Name}' comes more than once a minute.", "Name one second, or none: '*:0/5' is every five minutes.", "calendar-event");
            }

            last = next;
        }

        return null;
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
