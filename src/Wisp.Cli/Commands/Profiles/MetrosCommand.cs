using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Output;
using Wisp.Cli.Resources;

namespace Wisp.Cli.Commands.Profiles;

/// <summary><c>wisp metros</c>: the servers of the profile.</summary>
internal static class MetrosCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static Verb Create(Shell shell) => new Verb("metros", "See where one can work: the servers of the profile.", "wisp metros list", "wisp metros list -f +status -f +quotas")
    {
        Verb(shell, single: false), Verb(shell, single: true),
    }.Alias("metro");

    private static Verb Verb(Shell shell, bool single)
    {
        var names = new System.CommandLine.Argument<string[]>("name") { Description = "Names of metros.", Arity = single ? System.CommandLine.ArgumentArity.OneOrMore : System.CommandLine.ArgumentArity.Zero };
        var view = new ViewOptions(Account.Metro.Fields);
        var verb = single
            ? new Verb("get", "Show everything that is known of metros, and whether they answer.", "wisp metros get fra", "wisp metros get fra -f all -f +quotas") { names }.Alias("inspect", "show")
            : new Verb("list", "List metros; +status asks each whether it answers, +quotas what there is.", "wisp metros list", "wisp metros list -f +status -f +quotas", "wisp metros list -o json").Alias("ls");
        view.AddTo(verb);
        return verb.Runs(shell, call => view.ShowAsync(
            call,
            async chosen =>
            {
                if ((await call.RouteAsync()).Failed(out var error, out var router))
                {
                    return error;
                }

                var wanted = single ? call.Get(names) : null;
                var metros = router.Metros.Where(metro => wanted?.Contains(NameOf(metro), StringComparer.Ordinal) != false).ToArray();
                var items = await Task.WhenAll(metros.Select(metro => DescribeAsync(call, metro, metro == router.Default, single || chosen.AsksFor("status"), chosen.AsksFor("quotas"))));
                var missing = (wanted ?? []).Except(metros.Select(NameOf)).Select(name => new WispError(ErrorCode.NotFound, $"There is no metro '{name}'.", "See them with 'wisp metros list'."));
                var document = new JsonObject { ["status"] = "success", ["data"] = new JsonObject { ["metros"] = new JsonArray([.. items.Select(item => item.DeepClone())]) } };
                return new Listing(System.Text.Encoding.UTF8.GetBytes(document.ToJsonString(Json.Relaxed)), items, [.. missing]);
            },
            single: single && call.Get(names).Length == 1, byDefault: single ? OutputFormat.Kv : null));
    }

    // A node outside of a profile has no name of its own.
    private static string NameOf(ApiClient metro) => metro.Server.Metro ?? "local";

    private static async Task<JsonObject> DescribeAsync(Invocation call, ApiClient metro, bool isDefault, bool status, bool quotas)
    {
        var item = new JsonObject { ["name"] = NameOf(metro), ["endpoint"] = metro.Server.Address, ["location"] = metro.Server.Location, ["default"] = isDefault };
        if (status)
        {
            item["status"] = await StatusAsync(metro, call.Cancellation);
        }

        if (quotas && !(await metro.ListAsync(HttpMethod.Get, Account.Quota.Path, null, call.Cancellation)).Failed(out _, out var answer) && answer.Items is [var first, ..])
        {
            item["quotas"] = first.DeepClone();
        }

        return item;
    }

    // Online is what takes a connection and answers as something that is there, whatever it thinks of the token.
    private static async Task<JsonObject> StatusAsync(ApiClient metro, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Patience);
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            var begun = Stopwatch.GetTimestamp();
            await socket.ConnectAsync(metro.Server.Endpoint.Host, metro.Server.Endpoint.Port, deadline.Token);
            var took = Stopwatch.GetElapsedTime(begun);
            var answered = (await metro.SendAsync(HttpMethod.Get, "/v1/healthz", null, deadline.Token)).Failed(out var error, out var answer);
            var online = !answered && answer!.Status is >= 200 and < 500;
            var status = new JsonObject { ["online"] = online, ["round_trip_us"] = (long)took.TotalMicroseconds };
            if (!online)
            {
                status["problem"] = error?.Message ?? $"HTTP {answer!.Status}";
            }

            return status;
        }
        catch (SocketException exception)
        {
            return new JsonObject { ["online"] = false, ["problem"] = exception.Message };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new JsonObject { ["online"] = false, ["problem"] = $"no answer within {Words.Span(Patience)}" };
        }
    }
}
