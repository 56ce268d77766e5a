using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Wisp.Certificates;
using Wisp.Certificates.Acme;
using Wisp.Gateway;
using Wisp.Platform;
using Wisp.Platform.Accounts;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Platform.Services;
using Wisp.Snapshots;
using Wisp.State;

namespace Wisp.Testing;

/// <summary>A platform over fakes, driven by one fake clock.</summary>
public sealed class TestNode : IAsyncDisposable
{
    // What takes so long never comes, on the slowest machine.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _directory = Directory.CreateTempSubdirectory("wisp-platform-").FullName;
    private WispPlatform? _platform;
    private MortalTime? _time;
    private MortalStore? _store;
    private CancellationToken _cancel;

    public MemoryStateStore Store { get; } = new();

    /// <summary>Another store for the next daemon, such as the real one.</summary>
    public IStateStore? Durable { get; set; }

    /// <summary>Where what the next daemon says goes.</summary>
    public ILoggerFactory Loggers { get; set; } = NullLoggerFactory.Instance;
    public FakeEngine Engine { get; } = new();
    public FakeNetwork Network { get; } = new();
    public FakeImages Images { get; } = new();
    public CertificateShelf Certificates { get; private set; } = null!;

    /// <summary>Who issues certificates for domains that name none, from the next daemon on.</summary>
    public ICertificateIssuer? Issuer { get; set; }
    public FakeGateway Gateway { get; private set; } = new();
    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddYears(50));

    public SnapshotStore Snapshots { get; private set; } = null!;

    /// <summary>What the host has to spare.</summary>
    public Func<long> AvailableMemory { get; set; } = () => long.MaxValue;

    /// <summary>Changes the settings of the next daemon.</summary>
    public Func<PlatformOptions, PlatformOptions> Configure { get; set; } = options => options;

    /// <summary>Where each instance has a directory named after its uuid.</summary>
    public string InstancesDirectory => _directory;

    /// <summary>What the node's administrator sees.</summary>
    public AccountRooms Rooms => _platform!.For(Caller.Owner);
    public IInstanceService Instances => Rooms.Instances;
    public IServiceGroupService Services => Rooms.Services;
    public IFrozenInstanceService Frozen => Rooms.Frozen;
    public WispPlatform Platform => _platform!;
    public FakeMachine Machine => Engine.Started.Last();
    public Backend Backend => Gateway.Routes.Values.SelectMany(route => route.Targets).Select(target => target.Backend).First();

    /// <summary>A node that has just come up.</summary>
    /// <param name="cancellation">Ends every wait of the test.</param>
    /// <param name="configure">Changes its settings.</param>
    /// <param name="durable">Another store than the one of memory.</param>
    public static async Task<TestNode> StartAsync(CancellationToken cancellation, Func<PlatformOptions, PlatformOptions>? configure = null, IStateStore? durable = null)
    {
        var node = new TestNode { _cancel = cancellation, Configure = configure ?? (options => options), Durable = durable };
        await node.RestartAsync();
        return node;
    }

    /// <summary>A new daemon over the same state, after kill -9 of the one before: whatever that was about to do is never done.</summary>
    /// <param name="meanwhile">What happens while there is none.</param>
    public async Task RestartAsync(Action? meanwhile = null)
    {
        _time?.Kill();
        _store?.Kill();
        meanwhile?.Invoke();
        _time = new MortalTime(Time);
        _store = new MortalStore(Durable ?? Store);
        Gateway = new FakeGateway();
        Certificates = new CertificateShelf(LocalAuthority.Open(Path.Combine(_directory, "ca"), _time).Value, _time);
        Snapshots = (await SnapshotStore.OpenAsync(Path.Combine(_directory, "snapshots"), _time, NullLoggerFactory.Instance.CreateLogger(""), _cancel)).Value;
        var options = new PlatformOptions
        {
            InstancesDirectory = _directory,
            Boot = new BootFiles("/kernel", "/initramfs"),
            LargestMemoryMb = 4096,
            AvailableMemory = () => AvailableMemory(),
            LowMemoryBytes = 1000,
            AreProcessorsContended = () => false,
        };
        _platform = await WispPlatform.OpenAsync(
            Configure(options), new PlatformDependencies(_store, Engine, Network, Images, Gateway, Certificates, Snapshots, _time, Loggers, Issuer), _cancel);
    }

    /// <summary>Lets everything run until something is so, and fails when it never is.</summary>
    public async Task UntilAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        var from = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            _cancel.ThrowIfCancellationRequested();
            if (TimeProvider.System.GetElapsedTime(from) > Patience)
            {
                throw new TimeoutException($"After {Patience.TotalMinutes:0} minutes it is not so: {text}");
            }

            await Task.Yield();
        }
    }

    /// <summary>Moves the clock until something is so.</summary>
    public Task AdvanceUntilAsync(Func<bool> condition, TimeSpan step, [CallerArgumentExpression(nameof(condition))] string text = "") => UntilAsync(
        () =>
        {
            if (condition())
            {
                return true;
            }

            Time.Advance(step);
            return false;
        },
        text);

    /// <summary>The instance as it is now.</summary>
    public InstanceView Find(string name) => Instances.Find(ResourceRef.To(name)).Value;

    /// <summary>A request that calls for the first backend, wakes it if need be, and is served.</summary>
    public async Task<Result> RequestAsync()
    {
        var backend = Backend;
        var result = backend.Enter() ? Result.Success : await backend.WakeAsync(_cancel);
        backend.Leave();
        return result;
    }

    /// <summary>An instance's directory.</summary>
    public string DirectoryOf(string name) => Path.Combine(_directory, Find(name).Uuid.ToString());

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

        // A daemon that was killed here is not dead, it only gets nothing done: it may still be making a file.
        while (true)
        {
            try
            {
                Directory.Delete(_directory, recursive: true);
                return;
            }
            catch (IOException) when (!_cancel.IsCancellationRequested && Directory.Exists(_directory))
            {
                await Task.Yield();
            }
        }
    }
}
