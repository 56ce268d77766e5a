using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Wisp.GuestProtocol;
using Wisp.Machines.Agent;
using Wisp.Machines.Consoles;
using Wisp.Machines.Limits;
using Wisp.Machines.Qemu.Vmms;

namespace Wisp.Machines.Qemu;

/// <summary>A running QEMU process.</summary>
internal sealed partial class QemuMachine : IMachine
{
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PowerOffGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TrimInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    // A day in microseconds: more is a guest's invention, and much more would not be a TimeSpan.
    private const long LongestBoot = 86_400_000_000;

    private const int MostUnheard = 256, LongestTrouble = 1024;

    private readonly MachineFiles _files;
    private readonly Vmm _vmm;
    private readonly Func<MachineFiles, VmmRecord?, Task> _cleanUp;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConsoleLog _console;
    private readonly ITimer _trim;
    // One reader; saying so would give a channel that cannot be counted.
    private readonly Channel<MachineEvent> _events = Channel.CreateUnbounded<MachineEvent>();
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<int> _openPorts = [];
    private readonly HashSet<int> _lonelyPorts = [];
    private readonly TaskCompletionSource _restored = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _following;
    private MachineRecord _record;
    private int _state;
    private volatile bool _killed;
    private volatile bool _lettingGo;
    private volatile bool _hasAsked;
    private bool _configured;
    private bool _saidUnreadable;
    private bool _saidTalkative;
    private bool _entrypointUp;
    private GuestExit? _exit;
    // A timer that nobody holds may be collected before its time.
    private ITimer? _powerOff, _silence;
    private volatile bool _heard;
    private bool _guestAskedForEnd;

    public QemuMachine(
        MachineRecord record, MachineFiles files, Vmm vmm, MachineMemory memory, MachineState state,
        Func<MachineFiles, VmmRecord?, Task> cleanUp, TimeProvider time, ILogger logger)
    {
        _record = record;
        _files = files;
        _vmm = vmm;
        _attachment = vmm.Attachment;
        Memory = memory;
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

    public bool HasAsked => _hasAsked;

    public MachineTimings Timings { get; init; }

    /// <summary>Where its control groups are.</summary>
    public required string CgroupRoot { private get; init; }

    /// <summary>Completes when its guest has taken over who it is, or is gone.</summary>
    public Task Restored => _restored.Task;

    public int ProcessId => _vmm.Process.Pid;

    public ChannelReader<MachineEvent> Events => _events.Reader;

    public async Task<Result> PauseAsync(CancellationToken cancellation)
    {
        if (State == MachineState.Paused)
        {
            return Result.Success;
        }

        if ((await _vmm.Connection.Qmp.ExecuteAsync("stop", null, CommandTimeout, cancellation)).Failed(out var error, out _))
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

        return await RunOnAsync(cancellation);
    }

    private async Task<Result> RunOnAsync(CancellationToken cancellation)
    {
        // The notice waits in the guest's queue when the first instruction runs. A guest whose agent is dead or does not read wakes all the same.
        var notice = AgentFrame.Encode(FrameKind.Resumed, new ResumeNotice(Now(), ReadOnlyMemory<byte>.Empty).Encode());
        await _vmm.Connection.Agent.SendAsync(notice);
        if ((await _vmm.Connection.Qmp.ExecuteAsync("cont", null, CommandTimeout, cancellation)).Failed(out var error, out _))
        {
            return error;
        }

        Interlocked.CompareExchange(ref _state, (int)MachineState.Running, (int)MachineState.Paused);
        _trim.Change(TrimInterval, TrimInterval);
        return Result.Success;
    }

    public Task<Result> SignalAsync(int signal, CancellationToken cancellation)
    {
        var payload = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(payload, signal);
        return _vmm.Connection.Agent.SendAsync(AgentFrame.Encode(FrameKind.Signal, payload));
    }

    public async Task KillAsync()
    {
        _killed = true;
        _vmm.Process.Kill();
        await _gone.Task;
    }

    public Result SetCpuShare(int share) => CpuShare.Set(CgroupRoot, _vmm.Record.Id.ToString(), share);

    public MachineUsage? ReadUsage() => _vmm.Process.ReadUsage();

    public bool IsWorking => _vmm.Process.IsWorking;

    public async ValueTask DisposeAsync()
    {
        _lettingGo = true;
        await _trim.DisposeAsync();
        await (_silence?.DisposeAsync() ?? ValueTask.CompletedTask);
        _attachment?.Dispose();
        await _vmm.Connection.DisposeAsync();
        await _following;
    }

    /// <summary>
    /// Tells a guest that an earlier wispd had to do with, and that runs, that it may go on: it may have been held to be captured. One that
    /// says nothing to that, and to what it is asked, is out of step with its host: the channel is opened anew until it speaks.
    /// </summary>
    public async Task GreetAsync()
    {
        await _vmm.Connection.Agent.SendAsync(AgentFrame.Encode(FrameKind.Resumed, new ResumeNotice(Now(), ReadOnlyMemory<byte>.Empty).Encode()));
        _silence = _time.CreateTimer(
            _ =>
            {
                if (!_heard && State == MachineState.Running)
                {
                    _logger.Silent(Id, LongestSilence.TotalSeconds);
                    _vmm.Connection.Agent.HangUp();
                }
            },
            null, LongestSilence, LongestSilence);
    }

    private long Now() => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    // Runs until both sockets are closed: by the VMM's death, or by us letting go.
    private async Task FollowAsync()
    {
        try
        {
            var qmp = FollowVmmAsync();
            await _vmm.Connection.Agent.SendAsync(AgentFrame.Encode(FrameKind.Query));
            await foreach (var message in _vmm.Connection.Agent.Messages.ReadAllAsync())
            {
                await OnMessageAsync(message);
            }

            await qmp;
        }
        catch (Exception exception)
        {
            _logger.FollowFailed(exception, Id);
        }

        _prepared?.TrySetResult("The guest is gone.");
        try
        {
            if (!_lettingGo)
            {
                await EndAsync();
            }
        }
        catch (Exception exception)
        {
            _logger.FollowFailed(exception, Id);
        }

        // Whatever went wrong: somebody waits for these.
        _events.Writer.TryComplete();
        _restored.TrySetResult();
        _gone.TrySetResult();
    }

    private async Task FollowVmmAsync()
    {
        await foreach (var happened in _vmm.Connection.Qmp.Events.ReadAllAsync())
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

        // The VMM is gone.
        _vmm.Connection.Agent.End();
    }

    private async Task OnMessageAsync(AgentMessage message)
    {
        if (!_heard)
        {
            _heard = true;
            await (_silence?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

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
            case FrameKind.ForkRequest when NumberPayload.TryDecode(message.Payload, out uint ticket):
                _hasAsked = true;
                Announce(new MachineEvent.ForkRequested(ticket));
                break;
            case FrameKind.TemplateRequest when NumberPayload.TryDecode(message.Payload, out uint ticket):
                _hasAsked = true;
                Announce(new MachineEvent.TemplateRequested(ticket));
                break;
            case FrameKind.SleepHolds when NumberPayload.TryDecode(message.Payload, out ulong holds):
                Announce(new MachineEvent.SleepHoldsChanged(holds));
                break;
            case FrameKind.Prepared:
                _prepared?.TrySetResult(Encoding.UTF8.GetString(message.Payload.AsSpan(0, Math.Min(message.Payload.Length, LongestTrouble))));
                break;
            case FrameKind.Restored:
                _restored.TrySetResult();
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

    // What a guest can say as often as it likes waits only so long for somebody to hear it.
    private void Announce(MachineEvent news)
    {
        if (_events.Reader.Count < MostUnheard)
        {
            _events.Writer.TryWrite(news);
        }
        else if (!_saidTalkative)
        {
            _saidTalkative = true;
            _logger.TooTalkative(Id);
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
            await _vmm.Connection.Agent.SendAsync(AgentFrame.Encode(FrameKind.Configure, configuration.Encode()));
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
        await _vmm.Connection.Agent.SendAsync(AgentFrame.Encode(FrameKind.PowerOff));
        // A guest that does not end although it was told to is ended.
        _powerOff = _time.CreateTimer(_ => _vmm.Process.Kill(), null, PowerOffGrace, Timeout.InfiniteTimeSpan);
    }

    private async Task EndAsync()
    {
        // The sockets close a moment before the process is gone for good.
        await _vmm.Process.EndAsync(_time);
        Interlocked.Exchange(ref _state, (int)MachineState.Exited);
        StopTrimming();
        var exit = Classify();
        _attachment?.Dispose();
        try
        {
            await _cleanUp(_files, _vmm.Record);
        }
        finally
        {
            _events.Writer.TryWrite(new MachineEvent.Ended(exit));
        }
    }

    private MachineExit Classify() => (_exit, _killed, _guestAskedForEnd) switch
    {
        ({ OutOfMemory: true } exit, _, _) => new(MachineExitCause.OutOfMemory, exit.ExitCode, null),
        ({ } exit, _, _) => new(MachineExitCause.ApplicationExited, exit.ExitCode, exit.StartFailure),
        (null, true, _) => new(MachineExitCause.Killed, null, null),
        (null, _, true) => new(MachineExitCause.KernelCrashed, null, _files.Vmm.PanicLine()),
        _ => new(
            MachineExitCause.VmmDied, null,
            VmmFiles.LastLine(_files.Vmm.Log) is { } words ? $"The VMM (pid {_vmm.Process.Pid}) died: {words}" : $"The VMM (pid {_vmm.Process.Pid}) was killed."),
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
