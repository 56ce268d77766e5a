using System.Buffers.Binary;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Wisp.GuestProtocol;
using Wisp.Machines.Agent;
using Wisp.Machines.Consoles;

namespace Wisp.Machines.Qemu;

/// <summary>A running QEMU process.</summary>
internal sealed class QemuMachine : IMachine
{
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PowerOffGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TrimInterval = TimeSpan.FromSeconds(5);

    // A day in microseconds: more is a guest's invention, and much more would not be a TimeSpan.
    private const long LongestBoot = 86_400_000_000;

    private readonly MachineRecord _record;
    private readonly MachineFiles _files;
    private readonly VmmProcess _process;
    private readonly VmmConnection _connection;
    private readonly Func<MachineFiles, string?, VmmProcess?, Guid, Task> _cleanUp;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConsoleLog _console;
    private readonly ITimer _trim;
    private readonly Channel<MachineEvent> _events = Channel.CreateUnbounded<MachineEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<int> _openPorts = [];
    private readonly HashSet<int> _lonelyPorts = [];
    private readonly Task _following;
    private int _state;
    private volatile bool _killed;
    private volatile bool _lettingGo;
    private bool _configured;
    private bool _saidUnreadable;
    private bool _entrypointUp;
    private GuestExit? _exit;
    // A timer that nobody holds may be collected before its time.
    private ITimer? _powerOff;
    private bool _guestAskedForEnd;

    public QemuMachine(
        MachineRecord record, MachineFiles files, VmmProcess process, VmmConnection connection, MachineState state,
        Func<MachineFiles, string?, VmmProcess?, Guid, Task> cleanUp, TimeProvider time, ILogger logger)
    {
        _record = record;
        _files = files;
        _process = process;
        _connection = connection;
        _state = (int)state;
        _cleanUp = cleanUp;
        _time = time;
        _logger = logger;
        _console = new ConsoleLog(files.Console);
        _trim = time.CreateTimer(_ => TrimConsole(), null, TrimInterval, TrimInterval);
        if (state == MachineState.Paused)
        {
            StopTrimming();
        }

        _following = FollowAsync();
    }

    public Guid Id => _record.Id;

    public MachineState State => (MachineState)Volatile.Read(ref _state);

    public int ProcessId => _process.Pid;

    public ChannelReader<MachineEvent> Events => _events.Reader;

    public async Task<Result> PauseAsync(CancellationToken cancellation)
    {
        if (State == MachineState.Paused)
        {
            return Result.Success;
        }

        if ((await _connection.Qmp.ExecuteAsync("stop", null, CommandTimeout, cancellation)).Failed(out var error, out _))
        {
            return error;
        }

        Interlocked.CompareExchange(ref _state, (int)MachineState.Paused, (int)MachineState.Running);
        StopTrimming();
        return Result.Success;
    }

    public async Task<Result> ResumeAsync(CancellationToken cancellation)
    {
        if (State == MachineState.Running)
        {
            return Result.Success;
        }

        // The notice waits in the guest's queue when the first instruction runs. A guest whose agent is dead or does not read wakes all the same.
        var notice = AgentFrame.Encode(FrameKind.Resumed, new ResumeNotice(Now(), ReadOnlyMemory<byte>.Empty).Encode());
        await _connection.Agent.SendAsync(notice);
        if ((await _connection.Qmp.ExecuteAsync("cont", null, CommandTimeout, cancellation)).Failed(out var error, out _))
        {
            return error;
        }

        Interlocked.CompareExchange(ref _state, (int)MachineState.Running, (int)MachineState.Paused);
        _trim.Change(TrimInterval, TrimInterval);
        return Result.Success;
    }

    public MachineMemory Memory => MachineMemory.Empty;

    public Task<Result<MachineCapture>> CaptureAsync(CaptureRequest request, CancellationToken cancellation) =>
        Task.FromResult<Result<MachineCapture>>(new WispError(ErrorCode.NotSupported, "Capturing is not supported."));

    public Task<Result> RebaseAsync(MachineMemory memory, CancellationToken cancellation) =>
        Task.FromResult<Result>(new WispError(ErrorCode.NotSupported, "Rebasing is not supported."));

    public void Keep(MachineMemory memory)
    {
    }

    public Task<Result> TellAsync(GuestNews news, CancellationToken cancellation) => Task.FromResult(Result.Success);

    public Task<Result> SignalAsync(int signal, CancellationToken cancellation)
    {
        var payload = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(payload, signal);
        return _connection.Agent.SendAsync(AgentFrame.Encode(FrameKind.Signal, payload));
    }

    public async Task KillAsync()
    {
        _killed = true;
        _process.Kill();
        await _gone.Task;
    }

    public MachineUsage? ReadUsage() => _process.ReadUsage();

    public async ValueTask DisposeAsync()
    {
        _lettingGo = true;
        await _trim.DisposeAsync();
        await _connection.DisposeAsync();
        await _following;
    }

    private long Now() => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    // Runs until both sockets are closed: by the VMM's death, or by us letting go.
    private async Task FollowAsync()
    {
        try
        {
            var qmp = FollowVmmAsync();
            await _connection.Agent.SendAsync(AgentFrame.Encode(FrameKind.Query));
            await foreach (var message in _connection.Agent.Messages.ReadAllAsync())
            {
                await OnMessageAsync(message);
            }

            await qmp;
        }
        catch (Exception exception)
        {
            _logger.FollowFailed(exception, Id);
        }

        if (!_lettingGo)
        {
            await EndAsync();
        }

        _events.Writer.TryComplete();
        _gone.TrySetResult();
    }

    private async Task FollowVmmAsync()
    {
        await foreach (var happened in _connection.Qmp.Events.ReadAllAsync())
        {
            switch (happened.Name)
            {
                case "STOP":
                    Interlocked.CompareExchange(ref _state, (int)MachineState.Paused, (int)MachineState.Running);
                    break;
                case "RESUME":
                    Interlocked.CompareExchange(ref _state, (int)MachineState.Running, (int)MachineState.Paused);
                    break;
                case "SHUTDOWN":
                    _guestAskedForEnd = happened.Data.ValueKind == JsonValueKind.Object
                        && happened.Data.TryGetProperty("guest", out var byGuest) && byGuest.GetBoolean();
                    break;
            }
        }
    }

    private async Task OnMessageAsync(AgentMessage message)
    {
        switch (message.Kind)
        {
            case FrameKind.Status when GuestStatus.TryDecode(message.Payload, out var status):
                await OnStatusAsync(status);
                break;
            case FrameKind.PortOpen when message.Payload.Length == 2:
                OnPortOpen(BinaryPrimitives.ReadUInt16LittleEndian(message.Payload));
                break;
            case FrameKind.Exited when GuestExit.TryDecode(message.Payload, out var exit):
                await OnExitAsync(exit);
                break;
            // Once: what a guest can make the host write without end fills its disk.
            default:
                if (!_saidUnreadable)
                {
                    _saidUnreadable = true;
                    _logger.Unreadable(Id, message.Kind);
                }

                break;
        }
    }

    private async Task OnStatusAsync(GuestStatus status)
    {
        if (status.Phase == GuestPhase.Waiting)
        {
            // Once: it is long, and a guest may say for ever that it waits.
            if (_configured)
            {
                return;
            }

            _configured = true;
            var configuration = _record.Guest with { UnixNanoseconds = Now() };
            await _connection.Agent.SendAsync(AgentFrame.Encode(FrameKind.Configure, configuration.Encode()));
            return;
        }

        if (!_entrypointUp)
        {
            _entrypointUp = true;
            _events.Writer.TryWrite(new MachineEvent.EntrypointStarted(TimeSpan.FromMicroseconds(Math.Clamp(status.BootMicroseconds, 0, LongestBoot))));
        }

        foreach (var port in status.OpenPorts)
        {
            OnPortOpen(port);
        }

        foreach (var port in status.LoopbackOnlyPorts.Where(port => _record.Guest.WatchedPorts.Contains(port) && _lonelyPorts.Add(port)))
        {
            _events.Writer.TryWrite(new MachineEvent.PortOnLoopbackOnly(port));
        }

        if (status.Exit is { } exit)
        {
            await OnExitAsync(exit);
        }
    }

    // Only ports that were asked for, and each once: a guest cannot flood the reader.
    private void OnPortOpen(int port)
    {
        if (_record.Guest.WatchedPorts.Contains(port) && _openPorts.Add(port))
        {
            _events.Writer.TryWrite(new MachineEvent.PortOpened(port));
        }
    }

    private async Task OnExitAsync(GuestExit exit)
    {
        if (_exit is not null)
        {
            return;
        }

        _exit = exit;
        await _connection.Agent.SendAsync(AgentFrame.Encode(FrameKind.PowerOff));
        // A guest that does not end although it was told to is ended.
        _powerOff = _time.CreateTimer(_ => _process.Kill(), null, PowerOffGrace, Timeout.InfiniteTimeSpan);
    }

    private async Task EndAsync()
    {
        // The sockets close a moment before the process is gone for good.
        await _process.EndAsync(_time);
        Interlocked.Exchange(ref _state, (int)MachineState.Exited);
        StopTrimming();
        var exit = Classify();
        await _cleanUp(_files, _record.MemoryFile, null, Id);
        _events.Writer.TryWrite(new MachineEvent.Ended(exit));
    }

    private MachineExit Classify() => (_exit, _killed, _guestAskedForEnd) switch
    {
        ({ OutOfMemory: true } exit, _, _) => new(MachineExitCause.OutOfMemory, exit.ExitCode, null),
        ({ } exit, _, _) => new(MachineExitCause.ApplicationExited, exit.ExitCode, exit.StartFailure),
        (null, true, _) => new(MachineExitCause.Killed, null, null),
        (null, _, true) => new(MachineExitCause.KernelCrashed, null, _files.PanicLine()),
        _ => new(
            MachineExitCause.VmmDied, null,
            MachineFiles.LastLine(_files.VmmLog) is { } words ? $"The VMM (pid {_process.Pid}) died: {words}" : $"The VMM (pid {_process.Pid}) was killed."),
    };

    private void StopTrimming() => _trim.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private void TrimConsole()
    {
        try
        {
            _console.Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _logger.TrimFailed(_files.Console, exception.Message);
        }
    }
}
