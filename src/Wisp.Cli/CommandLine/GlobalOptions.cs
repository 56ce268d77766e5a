using System.CommandLine;
using Wisp.Cli.Logging;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.CommandLine;

/// <summary>Options that go with every command.</summary>
internal static class GlobalOptions
{
    public const string DataDirectory = "--data-dir";
    public const string Config = "--config";
    public const string Profile = "--profile";
    public const string Metro = "--metro";
    public const string Output = "--output";
    public const string Timeout = "--timeout";
    public const string LogLevel = "--log-level";
    public const string LogType = "--log-type";

    public static IEnumerable<Option> Create() =>
    [
        new Option<string>(DataDirectory) { Description = "The node's data directory [$WISP_DATA_DIR, else /var/lib/wisp].", HelpName = "DIR", Recursive = true },
        new Option<string>(Config) { Description = "The configuration file [$WISP_CONFIG, else ~/.config/wisp/config.yaml].", HelpName = "FILE", Recursive = true },
        new Option<string>(Profile) { Description = "The profile [$WISP_PROFILE, else the one in use].", HelpName = "NAME", Recursive = true },
        new Option<string>(Metro) { Description = "Only this metro of the profile.", HelpName = "NAME", Recursive = true },
        new Option<OutputForm>(Output, "-o") { Description = "table, kv, json, yaml, quiet (names only), raw (the API's answer as it came) or template='{{.name}} {{.state}}'.", HelpName = "FORM", Recursive = true, CustomParser = Parsed.One(OutputWord.Parse) }
            .Completes(OutputWord.All),
        new Option<TimeSpan?>(Timeout) { Description = "Give up after so long: 500ms, 30s, 2m.", HelpName = "TIME", Recursive = true, CustomParser = Parsed.Optional(Duration.Parse) },
        new Option<LogLevel?>(LogLevel) { Description = "How much it says of itself on its error stream: trace, debug, info, warn, error or fatal [$WISP_LOG_LEVEL, else warn].", HelpName = "LEVEL", Recursive = true, CustomParser = Parsed.Optional(LogWord.ParseLevel) }
            .Completes(LogWord.Levels),
        new Option<LogType?>(LogType) { Description = "In which form: text or json [$WISP_LOG_TYPE, else text].", HelpName = "FORM", Recursive = true, CustomParser = Parsed.Optional(LogWord.ParseType) }
            .Completes(LogWord.Types),
    ];
}
