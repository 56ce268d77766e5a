using System.CommandLine;
using System.Globalization;
using Wisp.Api;
using Wisp.Platform;

namespace Wisp.Daemon;

/// <summary>What is set of a node as it is served. Null leaves it as the platform has it.</summary>
/// <param name="Sleep">When sleepers sink deeper.</param>
/// <param name="ForkLimit">How many forks of one instance may live at once.</param>
/// <param name="RateLimit">How often a token may ask.</param>
/// <param name="RetainDeleted">How long deleted instances can still be looked at.</param>
/// <param name="Gateway">Where the gateway listens.</param>
/// <param name="IsPrivateNetwork">Whether instances of one account reach each other.</param>
internal sealed record NodeSettings(SleepTimes Sleep, int? ForkLimit, RateLimit? RateLimit, TimeSpan? RetainDeleted, GatewaySettings Gateway, bool IsPrivateNetwork)
{
    private const string ForkLimitVariable = "WISP_FORK_LIMIT", PrivateNetworkVariable = "WISP_PRIVATE_NETWORK";

    public static NodeSettings Usual { get; } = new(SleepTimes.Usual, null, null, null, GatewaySettings.Usual, false);

    /// <summary>The option for the forks.</summary>
    public static Option<int?> ForkLimitOption { get; } = new("--fork-limit")
    {
        Description = $"How many forks of one instance may live at once, children of children among them; more fail with EAGAIN in the guest [64]. Or {ForkLimitVariable}.",
        HelpName = "N",
        DefaultValueFactory = result =>
            Environment.GetEnvironmentVariable(ForkLimitVariable) is { Length: > 0 } text ? Read(text, ForkLimitVariable, result.AddError) : null,
        CustomParser = result => result.Tokens is [{ Value: var text }] ? Read(text, "--fork-limit", result.AddError) : null,
    };

    /// <summary>The option for the rate of requests.</summary>
    public static Option<RateLimit?> RateLimitOption { get; } = new("--rate-limit")
    {
        Description = $"How many API requests a second each token may send, and twice as many at once; more answer 429. "
            + $"Not given: {RateLimit.Usual.PerSecond:0}, and the token of the token file any number.",
        HelpName = "N",
        CustomParser = result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is > 0 and <= 1_000_000)
            {
                return new RateLimit(limit, limit * 2);
            }

            result.AddError("--rate-limit takes a whole number from 1 to 1000000, such as 100.");
            return null;
        },
    };

    /// <summary>The option for deleted instances.</summary>
    public static Option<TimeSpan?> RetainDeletedOption { get; } = SleepTimes.Make(
        "--retain-deleted", "WISP_RETAIN_DELETED",
        "How long what a deleted instance was, and its console, can still be seen by its uuid, unless whoever deletes it wants nothing kept [0].", mostDays: 3650);

    /// <summary>The option for the private network.</summary>
    public static Option<bool> PrivateNetworkOption { get; } = new("--private-network")
    {
        Description = $"Instances of one account reach each other at their addresses and as NAME.internal; what they send wakes those that sleep. Or {PrivateNetworkVariable}=1.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(PrivateNetworkVariable) is "1" or "true",
    };

    /// <summary>The settings of a platform with these.</summary>
    public PlatformOptions Apply(PlatformOptions options) => Gateway.Apply(Sleep.Apply(options)) with
    {
        ForkLimit = ForkLimit ?? options.ForkLimit,
        RetainDeleted = RetainDeleted ?? options.RetainDeleted,
    };

    private static int? Read(string text, string name, Action<string> fail)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit))
        {
            return limit;
        }

        fail($"{name} takes a whole number, such as 64; 0 allows no forks.");
        return null;
    }
}
