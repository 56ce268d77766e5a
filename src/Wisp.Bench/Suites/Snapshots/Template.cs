using Wisp.Bench.Measuring;
using Wisp.Bench.Node;

namespace Wisp.Bench.Suites.Snapshots;

/// <summary>A template of the measured image.</summary>
internal static class Template
{
    /// <summary>Makes one of an instance that has answered a request.</summary>
    /// <returns>Its uuid.</returns>
    public static async Task<Result<string>> MakeAsync(BenchNode node, CancellationToken cancellation)
    {
        if ((await node.RunAsync(node.Plan(cooldown: null), cancellation)).Failed(out var error, out var instance)
            || (await HttpProbe.GetOnceAsync(instance.Gateway, cancellation)).Failed(out error, out _)
            || (await node.Api.MakeTemplateAsync(instance.Uuid, cancellation)).Failed(out error))
        {
            return error;
        }

        return instance.Uuid;
    }
}
