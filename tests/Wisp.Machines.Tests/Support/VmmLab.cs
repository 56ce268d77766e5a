using Wisp.Layout;
using Wisp.Machines.Limits;
using Wisp.Machines.Qemu;
using Wisp.Machines.Qemu.Vmms;
using Wisp.Tools;

namespace Wisp.Machines.Tests.Support;

/// <summary>Real VMMs without a guest, in a directory and with users of their own.</summary>
internal sealed class VmmLab : IAsyncDisposable
{
    public static readonly VmmShape Shape = new(96, 1);

    private static int _labs;

    private readonly TemporaryDirectory? _temporary;
    private readonly List<Vmm> _vmms = [];

    /// <param name="directory">Where everything is; a temporary one unless given.</param>
    /// <param name="users">How many users there are.</param>
    public VmmLab(string? directory = null, int users = 16)
    {
        if (Environment.UserName != "root" || !NativeBinaries.Locate(QemuEngine.Jail).IsSuccess || !File.Exists("/usr/bin/qemu-system-x86_64"))
        {
            Assert.Skip("Needs root, QEMU and eng/build-native.");
        }

        _temporary = directory is null ? new TemporaryDirectory() : null;
        Root = directory ?? _temporary!.Path;
        File.SetUnixFileMode(Root, (UnixFileMode)0x1C9);
        Options = new QemuEngineOptions
        {
            // Nobody else's, not even those of tests that run beside these.
            VmmDirectory = At("vmms"), FirstUserId = 0x3000_0000 + ((Environment.ProcessId & 0x3fff) << 12) + (Interlocked.Increment(ref _labs) * 64), UserIds = users, ForcedAccelerator = "tcg", MostBlanks = 0,
            ProbeCache = At("probe"),
        };
        Host = NewHost();
    }

    public string Root { get; }

    public QemuEngineOptions Options { get; }

    public HeardLog Log { get; } = new();

    public VmmHost Host { get; }

    public string At(string name) => Path.Combine(Root, name);

    /// <summary>Another wispd's.</summary>
    public VmmHost NewHost(IToolRunner? tools = null) => new(
        Options, NativeBinaries.Locate(QemuEngine.Jail).Value, NativeBinaries.Locate(QemuEngine.Preload).Value, "tcg", tools ?? new ToolRunner(), TimeProvider.System, Log);

    public async Task<QemuEngine> NewEngineAsync(int blanks = 0, TimeProvider? time = null) =>
        (await QemuEngine.CreateAsync(Options with { MostBlanks = blanks }, new ToolRunner(), time ?? TimeProvider.System, Log, TestContext.Current.CancellationToken)).Value;

    public async Task<Vmm> StartAsync(VmmHost? host = null)
    {
        var started = await (host ?? Host).StartAsync(Shape, null, TestContext.Current.CancellationToken);
        Assert.Null(started.Error?.ToString());
        _vmms.Add(started.Value);
        return started.Value;
    }

    /// <summary>A file of whole pages, each full of one number.</summary>
    public string WritePages(string name, params byte[] pages)
    {
        File.WriteAllBytes(At(name), [.. pages.SelectMany(page => Enumerable.Repeat(page, 4096))]);
        return At(name);
    }

    /// <summary>The processes that run as this lab's users.</summary>
    public IReadOnlyList<Guid> Running() =>
        [.. VmmProcesses.Users(Options).Where(pair => pair.UserId >= Options.FirstUserId && pair.UserId < Options.FirstUserId + 64).Select(pair => pair.Vmm)];

    /// <summary>Nothing of a VMM is there any more: process, control group, directory.</summary>
    public void AssertNothingOf(Guid vmm)
    {
        Assert.DoesNotContain(vmm, Running());
        Assert.Empty(MachineCgroup.Find(Options.CgroupRoot, vmm.ToString()));
        Assert.False(Directory.Exists(Path.Combine(Options.VmmDirectory, vmm.ToString())));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var vmm in _vmms)
        {
            await Host.DiscardAsync(vmm);
        }

        Assert.Empty(Running());
        _temporary?.Dispose();
    }
}
