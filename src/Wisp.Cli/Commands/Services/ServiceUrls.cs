using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Parsing;
using Wisp.Contracts.Instances;

namespace Wisp.Cli.Commands.Services;

/// <summary>Where an instance answers.</summary>
internal static class ServiceUrls
{
    /// <summary>Its URLs; null when it has none, or they cannot be told.</summary>
    public static async Task<IReadOnlyList<string>?> OfAsync(Invocation call, Instance instance) =>
        instance.ServiceGroup is { } group
        && !(await call.AskAsync(WireLists.Services, HttpMethod.Get, ServicesCommand.Path, Reference.ToJson(group.Uuid))).Failed(out _, out var answer)
        && answer.Items is [var found, ..]
            ? ServiceLayout.Urls(found)
            : null;
}
