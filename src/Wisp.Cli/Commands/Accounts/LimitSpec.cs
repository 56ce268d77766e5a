using System.CommandLine;
using System.Globalization;
using Wisp.Cli.CommandLine;

namespace Wisp.Cli.Commands.Accounts;

/// <summary>A limit of a user: <c>instances=10</c>, or <c>instances=none</c>. Pure.</summary>
/// <param name="Name">What is limited; whether there is such a limit is the API's to judge.</param>
/// <param name="Most">How many; null takes the limit away.</param>
internal sealed record LimitSpec(string Name, long? Most)
{
    /// <summary>The option, as often as it is needed.</summary>
    public static Option<IReadOnlyList<LimitSpec>> Option() => new("--limit")
    {
        Description = "The most that the user may have of instances, frozen (templates and checkpoints), service_groups, services, memory_mb or vcpus (of one instance), live_instances, live_vcpus or live_memory_mb (of all that start, run or stop); 'none' leaves it to the node.",
        HelpName = "WHAT=N",
        CustomParser = Parsed.Many(Parse),
        DefaultValueFactory = _ => [],
    };

    public static Result<LimitSpec> Parse(string text) => text.Split('=', 2) switch
    {
        [{ Length: > 0 } name, "none"] => new LimitSpec(name, null),
        [{ Length: > 0 } name, var most] when long.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => new LimitSpec(name, number),
        _ => new WispError(ErrorCode.InvalidValue, $"'{text}' is not a limit.", "Write instances=10 or instances=none."),
    };
}
