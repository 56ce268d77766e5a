using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Wisp.Gateway;
using Wisp.Platform;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Platform.Services;
using Wisp.Snapshots;

namespace Wisp.Testing;

/// <summary>A platform over fakes, driven by one fake clock.</summary>
public sealed class TestNode : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("wisp-platform-").FullName;
    private WispPlatform? _platform;
    private CancellationToken _cancel;

    public MemoryStateStore Store { get; } = new();
    public FakeEngine Engine { get; } = new();
    public FakeNetwork Network { get; } = new();
    public FakeImages Images { get; } = new();
    public FakeGateway Gateway { get; private set; } = new();
    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddYears(50));

    public SnapshotStore Snapshots { get; private set; } = null!;

    /// <summary>Where each instance has a directory named after its uuid.</summary>
    public string InstancesDirectory => _directory;

    public IInstanceService Instances => _platform!.Instances;
    public IServiceGroupService Services => _platform!.Services;
    public IFrozenInstanceService Frozen => _platform!.Frozen;
    public WispPlatform Platform => _platform!;
    public FakeMachine Machine => Engine.Started.Last();
    public Backend Backend => Gateway.Routes.Values.SelectMany(route => route.Targets).Select(target => target.Backend).First();

    /// <summary>A node that has just come up.</summary>
    /// <param name="cancellation">Ends every wait of the test.</param>
    public static async Task<TestNode> StartAsync(CancellationToken cancellation)
    {
        var node = new TestNode { _cancel = cancellation };
        await node.RestartAsync();
        return node;
    }

    /// <summary>A new daemon over the same state, as after kill -9.</summary>
    public async Task RestartAsync()
    {
        Gateway = new FakeGateway();
        Snapshots = (await SnapshotStore.OpenAsync(Path.Combine(_directory, "snapshots"), Time, NullLoggerFactory.Instance.CreateLogger(""), _cancel)).Value;
        _platform = await WispPlatform.OpenAsync(
            new PlatformOptions
            {
                InstancesDirectory = _directory,
                Boot = new BootFiles("/kernel", "/initramfs"),
                LargestMemoryMb = 4096,
            },
            new PlatformDependencies(Store, Engine, Network, Images, Gateway, Snapshots, Time, NullLoggerFactory.Instance),
            _cancel);
    }

    public static CreateInstance Published(int cooldownMs = 1000) => new()
    {
        Name = "web",
        Image = "hello",
        Autostart = true,
        NewServiceGroup = new CreateServiceGroup { Services = [new ServicePort(8080, 80, ServiceHandler.Http, "127.0.0.1")] },
        ScaleToZero = new ScaleToZero(ScaleToZeroPolicy.On, true, TimeSpan.FromMilliseconds(cooldownMs), TimeSpan.Zero),
    };

    public async Task<InstanceView> UntilAsync(string name, InstanceState state)
    {
        var waited = await Instances.WaitAsync(ResourceRef.To(name), state, null, _cancel);
        return waited.Value;
    }

    /// <summary>Moves the clock until an instance has the state; the watchers set their timers whenever they get to run.</summary>
    public async Task<InstanceView> AdvanceUntilAsync(string name, InstanceState state, TimeSpan step)
    {
        while (Instances.Find(ResourceRef.To(name)).Value.State != state)
        {
            _cancel.ThrowIfCancellationRequested();
            Time.Advance(step);
            await Task.Yield();
        }

        return Instances.Find(ResourceRef.To(name)).Value;
    }

    public async ValueTask DisposeAsync()
    {
        if (_platform is not null)
        {
            await _platform.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }
}
