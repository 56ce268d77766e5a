using System.CommandLine;
using System.Globalization;
using Wisp.Platform;

namespace Wisp.Daemon;

/// <summary>What is set of a node as it is served. Null leaves it as the platform has it.</summary>
/// <param name="Sleep">When sleepers sink deeper.</param>
/// <param name="ForkLimit">How many forks of one instance may live at once.</param>
internal sealed record NodeSettings(SleepTimes Sleep, int? ForkLimit)
{
    private const string ForkLimitVariable = "WISP_FORK_LIMIT";

    public static NodeSettings Usual { get; } = new(SleepTimes.Usual, null);

    /// <summary>The option for the forks.</summary>
    public static Option<int?> ForkLimitOption { get; } = new("--fork-limit")
    {
        Description = $"How many forks of one instance may live at once, children of children among them; more fail with EAGAIN in the guest [64]. Or {ForkLimitVariable}.",
        HelpName = "N",
        DefaultValueFactory = result =>
            Environment.GetEnvironmentVariable(ForkLimitVariable) is { Length: > 0 } text ? Read(text, ForkLimitVariable, result.AddError) : null,
        CustomParser = result => result.Tokens is [{ Value: var text }] ? Read(text, "--fork-limit", result.AddError) : null,
    };

    /// <summary>The settings of a platform with these.</summary>
    public PlatformOptions Apply(PlatformOptions options) => Sleep.Apply(options) with { ForkLimit = ForkLimit ?? options.ForkLimit };

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
