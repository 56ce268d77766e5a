using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Output;

namespace Wisp.Cli.Commands.Node;

/// <summary>Finds out how a node is.</summary>
internal static class NodeStatusReader
{
    /// <summary>Asks the server this call is for.</summary>
    public static async Task<Result<NodeStatus>> ReadAsync(Invocation call)
    {
        if ((await call.RouteAsync()).Failed(out var error, out var router)
            || (await router.Default.ListAsync(HttpMethod.Get, Resources.Instances.Path, null, call.Cancellation)).Failed(out error, out var instances))
        {
            return error;
        }

        var server = router.Default.Server;

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
            Instances = instances.Items.GroupBy(item => Listing.Text(item, "state") ?? "unknown", StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal),
        };
    }
}
