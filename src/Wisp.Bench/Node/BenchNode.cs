using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Wisp.Images;
using Wisp.Layout;

namespace Wisp.Bench.Node;

/// <summary>The node under measurement: a wispd, the measured image, and its instances.</summary>
/// <param name="daemon">The process.</param>
/// <param name="record">What it says of itself.</param>
/// <param name="image">The measured image.</param>
/// <param name="count">The most times that something is measured; null without limit.</param>
internal sealed class BenchNode(Daemon daemon, DaemonRecord record, StoredImage image, int? count) : IDisposable
{
    public DaemonRecord Record { get; private set; } = record;

    public StoredImage Image => image;

    public NodeApi Api { get; private set; } = new(record);

    /// <summary>How often something is measured.</summary>
    public int Count(int usual) => Math.Min(usual, count ?? usual);

    /// <summary>A place for files that go with the node.</summary>
    public string ScratchDirectory => Directory.CreateDirectory(Path.Combine(daemon.Data.Root, "bench")).FullName;

    /// <summary>A plan for an instance of the measured image on a free port.</summary>
    public InstancePlan Plan(TimeSpan? cooldown) => new(image.Name, FreePort(), cooldown);

    /// <summary>Creates an instance and waits until it runs.</summary>
    public async Task<Result<BenchInstance>> RunAsync(InstancePlan plan, CancellationToken cancellation)
    {
        if ((await Api.CreateAsync(plan, wait: true, cancellation)).Failed(out var error, out var created))
        {
            return error;
        }

        return new BenchInstance(
            created.Uuid!,
            new IPEndPoint(IPAddress.Loopback, plan.Port),
            new IPEndPoint(IPAddress.Parse(created.PrivateIp!), InstancePlan.ServerPort),
            VmmPid(created.Uuid!)!.Value);
    }

    /// <summary>The process that is an instance's machine; null when there is none.</summary>
    public int? VmmPid(string uuid)
    {
        var path = Path.Combine(daemon.Data.Instances, uuid, "vmm", "vmm.json");
        if (!File.Exists(path))
        {
            return null;
        }

        using var vmm = JsonDocument.Parse(File.ReadAllBytes(path));
        var pid = vmm.RootElement.GetProperty("pid").GetInt32();
        return Directory.Exists($"/proc/{pid}") ? pid : null;
    }

    /// <summary>Takes wispd down and starts it anew.</summary>
    /// <returns>How long it took from its start until it served.</returns>
    public async Task<Result<TimeSpan>> RestartAsync(CancellationToken cancellation)
    {
        if ((await daemon.StopAsync()).Failed(out var error))
        {
            return error;
        }

        var from = TimeProvider.System.GetTimestamp();
        if ((await daemon.StartAsync(NodeSettings.Usual, cancellation)).Failed(out error, out var record))
        {
            return error;
        }

        var took = TimeProvider.System.GetElapsedTime(from);
        Api.Dispose();
        (Record, Api) = (record, new NodeApi(record));
        return took;
    }

    public void Dispose() => Api.Dispose();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
