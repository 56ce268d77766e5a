using System.Collections.Concurrent;
using System.Net;
using Microsoft.Win32.SafeHandles;
using Wisp.Network;

namespace Wisp.Testing;

/// <summary>A network that only does arithmetic. Its guests are on loopback, where a test can play one.</summary>
public sealed class FakeNetwork : IGuestNetwork
{
    public ConcurrentDictionary<int, bool> Attached { get; } = new();

    public int Capacity { get; set; } = 250;

    /// <summary>When set, a detachment waits for it.</summary>
    public TaskCompletionSource? HoldDetach { get; set; }

    public Task<Result> StartAsync(CancellationToken cancellation) => Task.FromResult(Result.Success);

    public GuestInterface Describe(int slot) =>
        new($"tap{slot}", "12:b0:00:00:00:01", new IPAddress([127, 64, 0, (byte)(slot + 2)]), new IPAddress([127, 64, 0, 1]), "12:b0:00:00:00:00", new IPAddress([127, 64, 0, 1]));

    public Task<Result<GuestInterface>> AttachAsync(int slot, CancellationToken cancellation)
    {
        Attached[slot] = true;
        return Task.FromResult<Result<GuestInterface>>(Describe(slot));
    }

    public async Task<Result> DetachAsync(int slot, CancellationToken cancellation)
    {
        if (HoldDetach is { } hold)
        {
            await hold.Task;
        }

        Attached.TryRemove(slot, out _);
        return Result.Success;
    }

    public bool IsPrivate { get; set; }

    /// <summary>Who is in which group.</summary>
    public ConcurrentDictionary<int, Guid> Groups { get; } = new();

    public Task<Result> RegroupAsync(IReadOnlyCollection<(int Slot, Guid? Group)> guests, CancellationToken cancellation)
    {
        foreach (var (slot, group) in guests)
        {
            if (group is { } joined)
            {
                Groups[slot] = joined;
            }
            else
            {
                Groups.TryRemove(slot, out _);
            }
        }

        return Task.FromResult(Result.Success);
    }

    public async Task<Result> RestAsync(int slot, CancellationToken cancellation) =>
        IsPrivate ? (await AttachAsync(slot, cancellation)).Failed(out var error, out _) ? error : Result.Success : await DetachAsync(slot, cancellation);

    public SafeFileHandle? TakeHeld(int slot) => null;

    public void Keep(int slot)
    {
        // Nobody sends anything here.
    }

    public void Replay(int slot)
    {
        // Nothing was kept.
    }

    public Task ReadyAsync(int slot, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>The same through every interface that there is.</summary>
    public InterfaceTraffic Traffic { get; set; }

    public InterfaceTraffic? ReadTraffic(int slot) => Attached.ContainsKey(slot) ? Traffic : null;

    public Task<Result> RemoveAsync(CancellationToken cancellation) => Task.FromResult(Result.Success);
}
