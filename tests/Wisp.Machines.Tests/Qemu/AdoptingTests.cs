using System.Net.Sockets;
using System.Text.Json;
using Wisp.GuestProtocol;
using Wisp.Machines.Qemu;
using Wisp.Machines.Qemu.Vmms;
using Wisp.Machines.Tests.Support;
using Wisp.Tools;

namespace Wisp.Machines.Tests.Qemu;

/// <summary>What is said to a machine that is taken over. This process is its VMM: believed is only who a socket belongs to.</summary>
public sealed class AdoptingTests : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly MachineFiles _files;
    private readonly Socket _qmpListener, _agentListener;
    private SocketPair? _qmp, _agent;

    public AdoptingTests()
    {
        _files = new MachineFiles(_directory.At("machine"));
        Directory.CreateDirectory(_files.Vmm.Run);
        _qmpListener = Listen(_files.Vmm.QmpSocket);
        _agentListener = Listen(_files.Vmm.AgentSocket);
        var self = VmmProcess.Find(Environment.ProcessId)!;
        new VmmRecord { Id = Guid.NewGuid(), UserId = 1, Pid = self.Pid, StartTime = self.StartTime }.Write(_files.Vmm.Record);
    }

    [Fact]
    public async Task One_that_was_just_about_to_run_is_told_who_it_is_and_then_runs()
    {
        WriteMachine(new GuestRestore { WatchedPorts = [8080], Identity = new GuestIdentity { Hostname = "clone" } });
        var adopting = await BeginAsync();
        await AnswerAsync("query-status", "{\"running\":false}");
        var (kind, payload) = await HearFrameAsync();
        Assert.Equal(FrameKind.Restore, kind);
        Assert.True(GuestRestore.TryDecode(payload, out var told));
        Assert.Equal(("clone", 64), (told.Identity!.Hostname, told.Entropy.Length));
        Assert.NotEqual(0, told.UnixNanoseconds);
        await AnswerAsync("cont", "{}");
        await using var machine = (await adopting).Value;
        Assert.Equal(MachineState.Running, machine.State);
        Assert.Null(MachineRecord.Read(_files.Record)!.Notice);
    }

    /// <summary>Only its record had not been renewed any more: it must not hear a second time that it is new.</summary>
    [Fact]
    public async Task One_that_runs_already_is_told_nothing()
    {
        WriteMachine(new GuestRestore());
        var adopting = await BeginAsync();
        await AnswerAsync("query-status", "{\"running\":true}");
        await using var machine = (await adopting).Value;
        Assert.Equal(FrameKind.Query, (await HearFrameAsync()).Kind);
        Assert.Null(MachineRecord.Read(_files.Record)!.Notice);
    }

    [Fact]
    public async Task One_that_sleeps_sleeps_on()
    {
        WriteMachine(null);
        var adopting = await BeginAsync();
        await AnswerAsync("query-status", "{\"running\":false}");
        await using var machine = (await adopting).Value;
        Assert.Equal(MachineState.Paused, machine.State);
        Assert.Equal(FrameKind.Query, (await HearFrameAsync()).Kind);
    }

    [Fact]
    public async Task What_it_lies_on_is_read_again()
    {
        var kept = _directory.At("kept");
        Directory.CreateDirectory(kept);
        await File.WriteAllBytesAsync(Path.Combine(kept, "memory"), new byte[4096], TestContext.Current.CancellationToken);
        Wisp.Snapshots.Memory.MemoryExtent[] extents = [new(8192, 4096, 0)];
        await File.WriteAllBytesAsync(Path.Combine(kept, "memory.index"), Wisp.Snapshots.Memory.MemoryLayerIndex.Encode(extents), TestContext.Current.CancellationToken);
        WriteMachine(null, kept, _directory.At("gone"));
        var adopting = await BeginAsync();
        await AnswerAsync("query-status", "{\"running\":true}");
        await using var machine = (await adopting).Value;
        Assert.Equal((2, 2), (machine.Memory.Kept, machine.Memory.Layers.Count));
        Assert.Equal(extents, machine.Memory.Layers[0].Extents);
        Assert.Empty(machine.Memory.Layers[1].Extents);
    }

    [Fact]
    public async Task Giving_up_hangs_up_and_leaves_it_as_it_is()
    {
        WriteMachine(new GuestRestore());
        using var cancellation = new CancellationTokenSource();
        var adopting = await BeginAsync(cancellation.Token);
        Assert.Contains("query-status", await _qmp!.HearLineAsync(), StringComparison.Ordinal);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => adopting);
        Assert.Equal(0, await _qmp.Theirs.ReceiveAsync(new byte[1]));
        Assert.NotNull(MachineRecord.Read(_files.Record)!.Notice);
    }

    public ValueTask DisposeAsync()
    {
        _qmp?.Dispose();
        _agent?.Dispose();
        _qmpListener.Dispose();
        _agentListener.Dispose();
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Socket Listen(string path)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        return listener;
    }

    private void WriteMachine(GuestRestore? notice, params string[] kept) => new MachineRecord
    {
        Id = Specifications.Id, Vmm = Guid.NewGuid(), Guest = Specifications.Plain().Guest, MemoryBytes = 96 << 20, Notice = notice, Kept = kept,
    }.Write(_files.Record, durable: false);

    private async Task<Task<Result<IMachine>>> BeginAsync(CancellationToken cancellation = default)
    {
        var options = new QemuEngineOptions { VmmDirectory = _directory.At("vmms"), FirstUserId = 1, CgroupRoot = _directory.At("cgroup") };
        var engine = await QemuEngine.ForAdoptionAsync(options, new ToolRunner(), TimeProvider.System, new HeardLog());
        var adopting = engine.AdoptAsync(_files.Directory, cancellation);
        _qmp = SocketPair.Accepted(await _qmpListener.AcceptAsync(TestContext.Current.CancellationToken));
        await _qmp.SayAsync("{\"QMP\":{}}\n");
        await AnswerAsync("qmp_capabilities", "{}");
        _agent = SocketPair.Accepted(await _agentListener.AcceptAsync(TestContext.Current.CancellationToken));
        return adopting;
    }

    private async Task AnswerAsync(string command, string value)
    {
        using var line = JsonDocument.Parse(await _qmp!.HearLineAsync());
        Assert.Equal(command, line.RootElement.GetProperty("execute").GetString());
        await _qmp.SayAsync($"{{\"return\":{value},\"id\":{line.RootElement.GetProperty("id").GetInt32()}}}\n");
    }

    private async Task<(FrameKind Kind, byte[] Payload)> HearFrameAsync()
    {
        Assert.True(AgentFrame.TryReadHeader(await _agent!.HearAsync(AgentFrame.HeaderSize), out var kind, out var length));
        return (kind, await _agent.HearAsync(length));
    }
}
