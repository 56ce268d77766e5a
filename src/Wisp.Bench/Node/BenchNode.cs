using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Wisp.Images;
using Wisp.Layout;

namespace Wisp.Bench.Node;

/// <summary>The node under measurement: a wispd, the measured image, and its instances.</summary>
/// <param name="daemon">The process.</param>
/// <param name="record">What it says of itself.</param>
/// <param name="builder">What makes images of it.</param>
/// <param name="image">The measured image.</param>
/// <param name="directory">What it was built from.</param>
/// <param name="count">The most times that something is measured; null without limit.</param>
/// <param name="progress">For who waits.</param>
internal sealed class BenchNode(Daemon daemon, DaemonRecord record, BuildahImageBuilder builder, StoredImage image, string directory, int? count, TextWriter progress) : IDisposable
{
    public DaemonRecord Record { get; private set; } = record;

    public StoredImage Image => image;

    /// <summary>What it was built from.</summary>
    public string ImageDirectory => directory;

    public NodeApi Api { get; private set; } = new(record);

    /// <summary>How often something is measured.</summary>
    public int Count(int usual) => Math.Min(usual, count ?? usual);

    /// <summary>Tells who waits of something that no figure tells.</summary>
    public Task SayAsync(string text) => progress.WriteLineAsync(text);

    /// <summary>A place for files that go with the node.</summary>
    public string ScratchDirectory => Directory.CreateDirectory(Path.Combine(daemon.Data.Root, "bench")).FullName;

    /// <summary>A plan for an instance of the measured image on a free port.</summary>
    public InstancePlan Plan(TimeSpan? cooldown) => new(image.Name, FreePort(), cooldown);

    /// <summary>Builds another image.</summary>
    public async Task<Result<StoredImage>> BuildAsync(string directory, string name, CancellationToken cancellation) =>
        (await builder.BuildAsync(new BuildRequest(directory, name), null, cancellation)).Failed(out var error, out var built) ? error : built.Image;

    /// <summary>Runs wispd's own restart, which no client notices.</summary>
    public Task<Result> ReplaceDaemonAsync(CancellationToken cancellation) => daemon.ReplaceAsync(cancellation);

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

    /// <summary>A port of loopback that nobody has at the moment.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
