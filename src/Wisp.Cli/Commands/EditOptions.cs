using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Commands;

/// <summary>Options that several commands have.</summary>
internal static class EditOptions
{
    /// <summary>When something is deleted by itself.</summary>
    /// <param name="since">What the time counts from.</param>
    public static Option<JsonObject> Autokill(string since) => new("--autokill")
    {
        Description = $"Delete it this long after {since}: 1h, time=1h,num-requests=10, or off.", HelpName = "TIME", CustomParser = Parsed.One(AutokillSpec.Parse),
    };
}
