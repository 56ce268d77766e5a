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
/// <param name="api">Its API.</param>
/// <param name="count">The most times that something is measured; null without limit.</param>
internal sealed class BenchNode(Daemon daemon, DaemonRecord record, StoredImage image, NodeApi api, int? count)
{
    public DaemonRecord Record => record;

    public StoredImage Image => image;

    public NodeApi Api => api;

    /// <summary>How often something is measured.</summary>
    public int Count(int usual) => Math.Min(usual, count ?? usual);

    /// <summary>A place for files that go with the node.</summary>
    public string ScratchDirectory => Directory.CreateDirectory(Path.Combine(daemon.Data.Root, "bench")).FullName;

    /// <summary>A plan for an instance of the measured image on a free port.</summary>
    public InstancePlan Plan(TimeSpan? cooldown) => new(image.Name, FreePort(), cooldown);

    /// <summary>Creates an instance and waits until it runs.</summary>
    public async Task<Result<BenchInstance>> RunAsync(InstancePlan plan, CancellationToken cancellation)
    {
        if ((await api.CreateAsync(plan, wait: true, cancellation)).Failed(out var error, out var created))
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

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
