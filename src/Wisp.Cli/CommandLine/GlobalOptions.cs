using System.CommandLine;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.CommandLine;

/// <summary>Options that go with every command.</summary>
internal static class GlobalOptions
{
    public const string DataDirectory = "--data-dir";
    public const string Output = "--output";
    public const string Timeout = "--timeout";

    public static IEnumerable<Option> Create() =>
    [
        new Option<string>(DataDirectory) { Description = "The node's data directory [$WISP_DATA_DIR, else /var/lib/wisp].", HelpName = "DIR", Recursive = true },
        new Option<OutputFormat?>(Output, "-o") { Description = "table, kv, json, quiet (names only) or raw (the API's answer as it came).", HelpName = "FORM", Recursive = true, CustomParser = Parsed.Optional(OutputWord.Parse) }
            .Completes(OutputWord.All),
        new Option<TimeSpan?>(Timeout) { Description = "Give up after so long: 500ms, 30s, 2m.", HelpName = "TIME", Recursive = true, CustomParser = Parsed.Optional(Duration.Parse) },
    ];
}
