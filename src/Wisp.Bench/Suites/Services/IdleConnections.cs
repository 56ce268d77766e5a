using System.Net;
using System.Net.Sockets;
using System.Text;
using Wisp.Bench.Measuring;
using Wisp.Bench.Node;

namespace Wisp.Bench.Suites.Services;

/// <summary>What wispd uses for clients that keep their connections and say nothing.</summary>
internal sealed class IdleConnections : IMeasurement
{
    private const int Connections = 10_000;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    public string Title => $"{Connections} connections that are kept alive and silent";

    public NodeSettings Settings => NodeSettings.Named with { MaxConnections = Connections * 6 / 5 };

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        if ((await node.RunAsync(node.Plan(cooldown: null), cancellation)).Failed(out var error, out var instance))
        {
            return error;
        }

        var clients = new List<Socket>();
        try
        {
            var buffer = new byte[4096];
            var failed = 0;
            for (var i = 0; i < Connections; i++)
            {
                // Plain sockets: those of a probe have more room than is needed so often.
                var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                clients.Add(client);
                failed += await AskAsync(client, instance.Gateway, buffer, cancellation) ? 0 : 1;
            }

            await Task.Delay(Settling, TimeProvider.System, cancellation);
            if (ProcessMeter.ResidentMib(node.Record.Pid).Failed(out error, out var resident))
            {
                return error;
            }

            // All of them still lead there.
            foreach (var client in clients)
            {
                failed += await AskAsync(client, null, buffer, cancellation) ? 0 : 1;
            }

            return (await node.Api.DeleteAsync(instance.Uuid, cancellation)).Failed(out error)
                ? error
                : (Series[])[Series.Of("services.idle10000.rss_mib", Units.Mebibytes, resident), Series.Of("services.idle10000.failed", Units.Count, failed)];
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static async Task<bool> AskAsync(Socket client, IPEndPoint? server, byte[] buffer, CancellationToken cancellation)
    {
        try
        {
            if (server is not null)
            {
                await client.ConnectAsync(server, cancellation);
            }

            await client.SendAsync("GET / HTTP/1.1\r\nHost: bench\r\n\r\n"u8.ToArray(), cancellation);
            // The answer is short; it comes in one piece or two.
            var text = "";
            while (HttpHead.Parse(Encoding.ASCII.GetBytes(text)) is not { } head || text.Length < head.Length + head.ContentLength)
            {
                if (await client.ReceiveAsync(buffer, cancellation) is not (> 0 and var count))
                {
                    return false;
                }

                text += Encoding.ASCII.GetString(buffer, 0, count);
            }

            return text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is SocketException or InvalidDataException)
        {
            return false;
        }
    }
}
