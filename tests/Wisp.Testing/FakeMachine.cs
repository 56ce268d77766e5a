using System.Collections.Concurrent;
using System.Threading.Channels;
using Wisp.Machines;
using Wisp.Snapshots.Memory;

namespace Wisp.Testing;

/// <summary>A machine that records what it is asked and answers as told.</summary>
public sealed class FakeMachine(MachineSpecification specification, MachineMemory memory) : IMachine
{
    private Channel<MachineEvent> _events = Channel.CreateUnbounded<MachineEvent>();
    private int _resumes;

    public MachineSpecification Specification => specification;

    public Guid Id => specification.Id;

    public MachineState State { get; private set; } = MachineState.Running;

    public int ProcessId => 1;

    public ChannelReader<MachineEvent> Events => _events.Reader;

    public bool HasAsked { get; private set; }

    public int Resumes => Volatile.Read(ref _resumes);

    public List<int> Signals { get; } = [];

    /// <summary>When set, a pause waits for it.</summary>
    public TaskCompletionSource? HoldPause { get; set; }

    /// <summary>When set, a capture waits for it before it writes anything.</summary>
    public TaskCompletionSource? HoldCapture { get; set; }

    /// <summary>When set, a kill waits for it before it kills.</summary>
    public TaskCompletionSource? HoldKill { get; set; }

    /// <summary>Whether somebody has asked for its end.</summary>
    public bool IsToDie { get; private set; }

    /// <summary>How often the guest was prepared to be frozen: only one that runs can be.</summary>
    public int Prepared { get; private set; }

    /// <summary>How often its memory was laid onto files.</summary>
    public int Rebases { get; private set; }

    public bool IsWorking { get; set; }

    /// <summary>When true, the application ignores its stop signal.</summary>
    public bool Stubborn { get; set; }

    public WispError? RefuseResume { get; set; }

    public void Boot()
    {
        _events.Writer.TryWrite(new MachineEvent.EntrypointStarted(TimeSpan.FromSeconds(3)));
        foreach (var port in specification.Guest.WatchedPorts)
        {
            _events.Writer.TryWrite(new MachineEvent.PortOpened(port));
        }
    }

    public void Happen(MachineEvent happened)
    {
        HasAsked |= happened is MachineEvent.ForkRequested or MachineEvent.TemplateRequested;
        _events.Writer.TryWrite(happened);
    }

    public void End(MachineExit exit)
    {
        State = MachineState.Exited;
        _events.Writer.TryWrite(new MachineEvent.Ended(exit));
        _events.Writer.TryComplete();
    }

    public FakeMachine Reconnect()
    {
        _events = Channel.CreateUnbounded<MachineEvent>();
        Boot();
        return this;
    }

    public async Task<Result> PauseAsync(CancellationToken cancellation)
    {
        if (HoldPause is { } hold)
        {
            await hold.Task;
        }

        State = MachineState.Paused;
        return Result.Success;
    }

    public Task<Result> ResumeAsync(CancellationToken cancellation)
    {
        if (RefuseResume is { } refused)
        {
            return Task.FromResult<Result>(refused);
        }

        if (State == MachineState.Paused)
        {
            Interlocked.Increment(ref _resumes);
            State = MachineState.Running;
        }

        return Task.FromResult(Result.Success);
    }

    public MachineTimings Timings { get; } = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(3));

    public MachineMemory Memory { get; private set; } = memory;

    public ConcurrentQueue<CaptureRequest> Captures { get; } = new();

    public ConcurrentQueue<GuestNews> Told { get; } = new();

    public WispError? RefuseCapture { get; set; }

    /// <summary>How many captures were refused.</summary>
    public int Refused { get; private set; }

    public async Task<Result<MachineCapture>> CaptureAsync(CaptureRequest request, CancellationToken cancellation)
    {
        if (RefuseCapture is { } refused)
        {
            Refused++;
            return refused;
        }

        Captures.Enqueue(request);
        Prepared += State == MachineState.Running && request.PrepareTimeout > TimeSpan.Zero ? 1 : 0;
        if (HoldCapture is { } hold)
        {
            await hold.Task.WaitAsync(cancellation);
        }

        // One page that says whose it is.
        await File.WriteAllBytesAsync(request.MemoryPath, [.. Id.ToByteArray(), .. new byte[4096 - 16]], cancellation);
        await File.WriteAllTextAsync(request.DevicesPath, "devices", cancellation);
        State = request.RunOn ? MachineState.Running : MachineState.Paused;
        return new MachineCapture([new MemoryExtent(0, 4096, 0)], TimeSpan.FromMilliseconds(1), 4096, null);
    }

    public Task<Result> RebaseAsync(MachineMemory memory, CancellationToken cancellation)
    {
        Memory = memory;
        Rebases++;
        return Task.FromResult(Result.Success);
    }

    public void Keep(MachineMemory memory) => Memory = memory;

    public Task<Result> TellAsync(GuestNews news, CancellationToken cancellation)
    {
        Told.Enqueue(news);
        return Task.FromResult(Result.Success);
    }

    public Task<Result> SignalAsync(int signal, CancellationToken cancellation)
    {
        Signals.Add(signal);
        if (!Stubborn)
        {
            End(new MachineExit(MachineExitCause.ApplicationExited, 128 + signal, null));
        }

        return Task.FromResult(Result.Success);
    }

    public async Task KillAsync()
    {
        IsToDie = true;
        if (HoldKill is { } hold)
        {
            await hold.Task;
        }

        End(new MachineExit(MachineExitCause.Killed, null, null));
    }

    /// <summary>The shares of the processors that it was given, the first as it was made.</summary>
    public ConcurrentQueue<int> CpuShares { get; } = new([specification.CpuShare]);

    public Result SetCpuShare(int share)
    {
        CpuShares.Enqueue(share);
        return Result.Success;
    }

    /// <summary>What it says that it uses.</summary>
    public MachineUsage? Usage { get; set; }

    public MachineUsage? ReadUsage() => Usage;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
