using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Wisp.GuestProtocol;
using Wisp.Machines.Agent;
using Wisp.Machines.Qemu;
using Wisp.Machines.Qemu.Vmms;
using Wisp.Machines.Qmp;

namespace Wisp.Machines.Tests.Support;

/// <summary>A machine whose VMM and guest are played by the test. Its process is real, so that it can be killed.</summary>
internal sealed class PlayedMachine : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    private readonly TemporaryDirectory _directory = new();
    private readonly Process _process = Process.Start("sleep", "infinity");

    private PlayedMachine(SocketPair vmm, SocketPair guest) => (Vmm, Guest) = (vmm, guest);

    public SocketPair Vmm { get; }

    public SocketPair Guest { get; }

    public QemuMachine Machine { get; private set; } = null!;

    public HeardTime Time { get; } = new();

    public MachineFiles Files => new(_directory.Path);

    public HeardLog Log { get; } = new();

    public bool IsAlive => VmmProcess.Find(_process.Id)?.IsAlive == true;

    /// <summary>How often the engine was told to take away what is left.</summary>
    public int CleanedUp { get; private set; }

    public static async Task<PlayedMachine> StartAsync(MachineState state = MachineState.Running)
    {
        var played = new PlayedMachine(await SocketPair.CreateAsync(), await SocketPair.CreateAsync());
        var connecting = QmpClient.ConnectAsync(played.Vmm.Ours, TimeProvider.System, Timeout, default);
        await played.Vmm.SayAsync("{\"QMP\":{}}\n");
        await played.Vmm.HearLineAsync();
        await played.Vmm.SayAsync("{\"return\":{},\"id\":1}\n");
        var process = VmmProcess.Find(played._process.Id)!;
        var (address, length) = StackOf(process.Pid);
        var files = played.Files;
        Directory.CreateDirectory(files.Vmm.Directory);
        var vmm = new VmmRecord { Id = Guid.NewGuid(), UserId = 1, Pid = process.Pid, StartTime = process.StartTime };
        var record = new MachineRecord { Id = Specifications.Id, Vmm = vmm.Id, Guest = Specifications.Plain().Guest, MemoryAddress = address, MemoryBytes = length };
        var connection = new VmmConnection((await connecting).Value, new AgentConnection(played.Guest.Ours, played.Time));
        played.Machine = new QemuMachine(
            record, files, new Vmm(vmm, files.Vmm, process, connection, null), MachineMemory.Empty, state, played.CleanUpAsync, played.Time, played.Log)
        {
            CgroupRoot = files.Directory,
        };
        // The first thing a host says.
        Assert.Equal(FrameKind.Query, (await played.HearFrameAsync()).Kind);
        return played;
    }

    /// <summary>What taking away what is left ends with.</summary>
    public Exception? CleanUpFailure { get; set; }

    public Task SayAsync(FrameKind kind, string payload) => SayAsync(kind, System.Text.Encoding.UTF8.GetBytes(payload));

    public Task SayAsync(FrameKind kind, byte[] payload) => Guest.SayAsync(AgentFrame.Encode(kind, payload));

    public async Task<(FrameKind Kind, byte[] Payload)> HearFrameAsync()
    {
        Assert.True(AgentFrame.TryReadHeader(await Guest.HearAsync(AgentFrame.HeaderSize), out var kind, out var length));
        return (kind, await Guest.HearAsync(length));
    }

    /// <summary>Hears a QMP command and lets it succeed.</summary>
    public Task<string> ObeyAsync() => AnswerAsync("\"return\":{}");

    /// <summary>Hears a QMP command and refuses it.</summary>
    public Task<string> RefuseAsync(string words) => AnswerAsync($"\"error\":{{\"class\":\"GenericError\",\"desc\":\"{words}\"}}");

    /// <summary>Waits until the VMM's process has been killed; its sockets close with it.</summary>
    public async Task DieAsync()
    {
        await _process.WaitForExitAsync();
        HangUp();
    }

    /// <summary>The VMM ends by itself. It is gone before its sockets close: the machine would wait for it by a clock that stands still.</summary>
    public void End()
    {
        _process.Kill();
        _process.WaitForExit();
        HangUp();
    }

    /// <summary>What happened, to the end.</summary>
    public async Task<List<MachineEvent>> HistoryAsync() => await Machine.Events.ReadAllAsync().ToListAsync();

    public async ValueTask DisposeAsync()
    {
        End();
        await Machine.DisposeAsync();
        _process.Dispose();
        Vmm.Dispose();
        Guest.Dispose();
        _directory.Dispose();
    }

    private async Task<string> AnswerAsync(string member)
    {
        using var line = JsonDocument.Parse(await Vmm.HearLineAsync());
        await Vmm.SayAsync($"{{{member},\"id\":{line.RootElement.GetProperty("id").GetInt32()}}}\n");
        return line.RootElement.GetProperty("execute").GetString()!;
    }

    private Task CleanUpAsync(MachineFiles files, VmmRecord? vmm)
    {
        CleanedUp++;
        return CleanUpFailure is { } failure ? Task.FromException(failure) : Task.CompletedTask;
    }

    // What plays guest RAM: memory of the process that is private, and of which some pages are there.
    private static (ulong Address, long Length) StackOf(int pid)
    {
        var range = File.ReadLines($"/proc/{pid}/maps").First(line => line.EndsWith("[stack]", StringComparison.Ordinal)).Split(' ')[0].Split('-');
        var start = ulong.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (start, (long)(ulong.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) - start));
    }

    private void HangUp()
    {
        Vmm.Theirs.Dispose();
        Guest.Theirs.Dispose();
    }
}
