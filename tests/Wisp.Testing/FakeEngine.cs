using System.Collections.Concurrent;
using Wisp.Machines;

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

    public Task<Result<IMachine>> StartAsync(MachineSpecification specification, CancellationToken cancellation)
    {
        if (Refuse is { } refused)
        {
            return Task.FromResult<Result<IMachine>>(refused);
        }

        var machine = new FakeMachine(specification);
        lock (Running)
        {
            Running[specification.Directory] = machine;
        }

        Started.Enqueue(machine);
        if (BootAtOnce)
        {
            machine.Boot();
        }

        return Task.FromResult(Result(machine));
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
