using Wisp.Cli.CommandLine;
using Wisp.Cli.Commands.Instances;
using Wisp.Cli.Connections;
using Wisp.Cli.Output;

namespace Wisp.Cli.Commands.Node;

/// <summary>Finds out how a node is.</summary>
internal static class NodeStatusReader
{
    public static Layout<NodeStatus> Layout { get; } = new(
        status => status.Endpoint,
        [
            new("endpoint", status => status.Endpoint), new("accelerator", status => status.Accelerator),
            new("instances", Counts, Long: true), new("data", status => status.DataDir, Long: true), new("version", status => status.Version),
        ],
        [
            new("endpoint", status => status.Endpoint), new("token", status => status.TokenFile),
            new("accelerator", status => status.Accelerator), new("why", status => status.AcceleratorReason),
            new("instances", Counts), new("data", status => status.DataDir),
            new("pid", status => status.Pid?.ToString(System.Globalization.CultureInfo.InvariantCulture)), new("version", status => status.Version),
        ]);

    /// <summary>Asks the server this call is for.</summary>
    public static async Task<Result<NodeStatus>> ReadAsync(Invocation call)
    {
        if (call.Locate().Failed(out var error, out var server)
            || (await call.AskAsync(WireLists.Instances, HttpMethod.Get, InstancesCommand.Path)).Failed(out error, out var instances))
        {
            return error;
        }

        // Known only of a node of this host.
        var record = server.DataDirectory is null || DaemonRecordFile.Read(call.Data).Failed(out _, out var found) ? null : found;
        return new NodeStatus
        {
            Endpoint = server.Address,
            TokenFile = record?.TokenFile,
            Accelerator = record?.Accelerator,
            AcceleratorReason = record?.AcceleratorReason,
            Pid = record?.Pid,
            DataDir = record?.DataDir,
            Version = record?.Version,
            Instances = instances.Items.GroupBy(item => item.State ?? "unknown", StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal),
        };
    }

    private static string? Counts(NodeStatus status) => status.Instances switch
    {
        null => null,
        { Count: 0 } => "none",
        var counts => string.Join(", ", counts.Select(pair => $"{pair.Value} {pair.Key}")),
    };
}
