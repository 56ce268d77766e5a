using System.CommandLine;
using Wisp.Platform;

namespace Wisp.Daemon;

/// <summary>When sleeping instances sink deeper. Null leaves it as the platform has it.</summary>
/// <param name="ReclaimAfter">How long an instance sleeps before its RAM goes back to the host.</param>
/// <param name="HibernateAfter">How long it sleeps before it is frozen to disk and its process ends.</param>
internal sealed record SleepTimes(TimeSpan? ReclaimAfter, TimeSpan? HibernateAfter)
{
    public static SleepTimes Usual { get; } = new(null, null);

    /// <summary>The option for the first.</summary>
    public static Option<TimeSpan?> ReclaimOption { get; } = Make(
        "--reclaim-after", "WISP_RECLAIM_AFTER",
        "How long an instance sleeps before its memory goes back to the host while its process stays; not before it is frozen, when that is sooner [1m].");

    /// <summary>The option for the second.</summary>
    public static Option<TimeSpan?> HibernateOption { get; } = Make(
        "--hibernate-after", "WISP_HIBERNATE_AFTER", "How long an instance sleeps before it is frozen to disk and its process ends [15m].");

    /// <summary>The settings of a platform with these.</summary>
    public PlatformOptions Apply(PlatformOptions options) => options with
    {
        ReclaimAfter = ReclaimAfter ?? options.ReclaimAfter,
        HibernateAfter = HibernateAfter ?? options.HibernateAfter,
    };

    /// <summary>An option that is a length of time, or an environment variable.</summary>
    public static Option<TimeSpan?> Make(string name, string variable, string description, int? mostDays = null, TimeSpan atLeast = default) => new(name)
    {
        Description = $"{description} Or {variable}.",
        HelpName = "TIME",
        DefaultValueFactory = result => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? Read(text, variable, mostDays, atLeast, result.AddError) : null,
        CustomParser = result => result.Tokens is [{ Value: var text }] ? Read(text, name, mostDays, atLeast, result.AddError) : null,
    };

    private static TimeSpan? Read(string text, string name, int? mostDays, TimeSpan atLeast, Action<string> fail)
    {
        if (Duration.Parse(text).Failed(out var error, out var time))
        {
            fail($"{name}: {error}");
            return null;
        }

        if (time.TotalDays > mostDays)
        {
            fail($"{name} takes at most {mostDays}d.");
            return null;
        }

        if (time < atLeast)
        {
            fail($"{name} takes at least {atLeast.TotalSeconds:0}s.");
            return null;
        }

        return time;
    }
}
