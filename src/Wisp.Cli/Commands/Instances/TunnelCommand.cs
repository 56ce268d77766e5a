using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Fields;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Commands.Instances;

/// <summary><c>wisp tunnel</c>: ports of instances here, published or not.</summary>
internal static class TunnelCommand
{
    private static readonly FieldSet Fields = new(
        "local", new Field("local", "local") { Listed = true }, new Field("instance", "instance") { Listed = true }, new Field("port", "port") { Listed = true });

    public static Verb Create(Shell shell) => Create(shell, "wisp tunnel");

    /// <summary><c>wisp instances tunnel</c>: the same.</summary>
    public static Verb CreateBelowInstances(Shell shell) => Create(shell, "wisp instances tunnel");

    private static Verb Create(Shell shell, string command)
    {
        var specs = new Argument<IReadOnlyList<TunnelSpec>>("tunnel")
        {
            Description = "[LOCAL:]INSTANCE:PORT[/tcp]; LOCAL is PORT or ADDRESS:PORT, 0 a free port [127.0.0.1 and the same port].", Arity = ArgumentArity.OneOrMore,
            CustomParser = Parsed.Many(TunnelSpec.Parse),
        };
        return new Verb(
            "tunnel", "Reach TCP ports of instances from here, published or not, until Ctrl+C; a connection wakes its instance and keeps it awake.",
            $"{command} db:5432", $"{command} 8080:hello:80 0:db:5432", $"{command} 0.0.0.0:8080:hello:80/tcp")
        {
            specs,
        }.Alias("port-forward").Runs(shell, call => RunAsync(call, call.Get(specs)));
    }

    private static async Task<Result<int>> RunAsync(Invocation call, IReadOnlyList<TunnelSpec> specs)
    {
        if ((await call.RouteAsync()).Failed(out var error, out var router))
        {
            return error;
        }

        var listeners = new List<TunnelListener>();
        try
        {
            var items = new List<JsonObject>();
            foreach (var spec in specs)
            {
                var (client, reference) = await router.FindAsync(Resources.Instances.Path, spec.Instance, call.Cancellation);
                if ((await client.ListAsync(HttpMethod.Get, Resources.Instances.Path, new JsonArray(reference), call.Cancellation)).Failed(out error, out var answer))
                {
                    return error;
                }

                if (answer.Items is not [var instance, ..])
                {
                    return answer.Failures[0];
                }

                var listener = new TunnelListener(client, $"{Resources.Instances.Path}/{Listing.Text(instance, "uuid")}/tunnel?port={spec.Port}", spec.Local, call.Shell);
                listeners.Add(listener);
                if (listener.Start() is { } taken)
                {
                    return taken;
                }

                items.Add(new JsonObject { ["local"] = listener.Local.ToString(), ["instance"] = spec.Instance, ["port"] = spec.Port });
            }

            var document = new JsonObject { ["status"] = "success", ["data"] = new JsonObject { ["tunnels"] = new JsonArray([.. items.Select(item => item.DeepClone())]) } };
            call.Print.Items(new Listing(Encoding.UTF8.GetBytes(document.ToJsonString(Json.Relaxed)), items, []), Fields);
            await call.Shell.Output.FlushAsync(call.Cancellation);
            await Task.WhenAll(listeners.Select(listener => listener.RunAsync(call.Cancellation)));
            return ExitCode.Ok;
        }
        finally
        {
            listeners.ForEach(listener => listener.Dispose());
        }
    }
}
