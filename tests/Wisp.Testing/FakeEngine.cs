using System.Collections.Concurrent;
using Wisp.Machines;
using Wisp.Snapshots;

namespace Wisp.Testing;

/// <summary>An engine whose machines do what the test says.</summary>
public sealed class FakeEngine : IMachineEngine
{
    public EngineDescription Description { get; } = new("fake", "1", "tcg", "a test", 64);

    public ConcurrentQueue<FakeMachine> Started { get; } = new();

    public Dictionary<string, FakeMachine> Running { get; } = new(StringComparer.Ordinal);

    public WispError? Refuse { get; set; }

    /// <summary>Machines come up at once when true.</summary>
    public bool BootAtOnce { get; set; } = true;

    /// <summary>What was restored, in order; also in <see cref="Started"/>.</summary>
    public ConcurrentQueue<MachineRestore> Restored { get; } = new();

    public WispError? RefuseRestore { get; set; }

    /// <summary>When set, a restore waits for it before it makes anything.</summary>
    public TaskCompletionSource? HoldRestore { get; set; }

    /// <summary>How many waited so.</summary>
    public int RestoresHeld { get; private set; }

    /// <summary>Shapes of machines that are likely to be restored.</summary>
    public ConcurrentQueue<(int MemoryMib, int Vcpus)> Expected { get; } = new();

    /// <summary>What restored machines must have been made with.</summary>
    public Compatibility Compatibility { get; set; } = new()
    {
        Engine = "fake", EngineVersion = "1", Accelerator = "tcg", Cpu = "max", Machine = 1, KernelSha256 = new string('1', 64), InitramfsSha256 = new string('2', 64),
    };

    public Task<Result<IMachine>> StartAsync(MachineSpecification specification, CancellationToken cancellation) =>
        Task.FromResult(Refuse is { } refused ? refused : Make(specification, MachineMemory.Empty));

    public async Task<Result<IMachine>> RestoreAsync(MachineSpecification specification, MachineRestore restore, CancellationToken cancellation)
    {
        if (RefuseRestore is { } refused)
        {
            return refused;
        }

        if (HoldRestore is { } hold)
        {
            RestoresHeld++;
            await hold.Task;
        }

        restore.BeforeRun?.Invoke();
        Restored.Enqueue(restore);
        return Make(specification, restore.Memory);
    }

    public Task<Compatibility> DescribeCompatibilityAsync(string kernel, string initramfs, CancellationToken cancellation) => Task.FromResult(Compatibility);

    public void Expect(int memoryMib, int vcpus) => Expected.Enqueue((memoryMib, vcpus));

    private Result<IMachine> Make(MachineSpecification specification, MachineMemory memory)
    {
        var machine = new FakeMachine(specification, memory);
        lock (Running)
        {
            Running[specification.Directory] = machine;
        }

        Started.Enqueue(machine);
        if (BootAtOnce)
        {
            machine.Boot();
        }

        return Result(machine);
    }

    public Task<Result<IMachine>> AdoptAsync(string directory, CancellationToken cancellation) =>
        Task.FromResult(Running.TryGetValue(directory, out var machine) && machine.State != MachineState.Exited
            ? Result(machine.Reconnect())
            : new WispError(ErrorCode.NotFound, "No such machine."));

    private static Result<IMachine> Result(IMachine machine) => new Success(machine).Result;

    private readonly struct Success(IMachine machine)
    {
        // An interface has no implicit conversion to Result<T>; go through the generic parameter.
        public Result<IMachine> Result => Convert(machine);

        private static Result<T> Convert<T>(T value) => value;
    }
}
