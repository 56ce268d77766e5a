using System.Collections.Concurrent;
using System.Net;
using Wisp.Gateway;
using Wisp.Images;
using Wisp.Network;

namespace Wisp.Platform.Tests.Fakes;

/// <summary>A network that only does arithmetic.</summary>
internal sealed class FakeNetwork : IGuestNetwork
{
    public ConcurrentDictionary<int, bool> Attached { get; } = new();

    public int Capacity { get; set; } = 250;

    public Task<Result> StartAsync(CancellationToken cancellation) => Task.FromResult(Result.Success);

    public GuestInterface Describe(int slot) =>
        new($"tap{slot}", "12:b0:00:00:00:01", new IPAddress([10, 64, 0, (byte)(slot + 2)]), new IPAddress([10, 64, 0, 1]), "12:b0:00:00:00:00", null);

    public Task<Result<GuestInterface>> AttachAsync(int slot, CancellationToken cancellation)
    {
        Attached[slot] = true;
        return Task.FromResult<Result<GuestInterface>>(Describe(slot));
    }

    public Task<Result> DetachAsync(int slot, CancellationToken cancellation)
    {
        Attached.TryRemove(slot, out _);
        return Task.FromResult(Result.Success);
    }

    public Task<Result> RemoveAsync(CancellationToken cancellation) => Task.FromResult(Result.Success);
}

/// <summary>Images by name.</summary>
internal sealed class FakeImages : IImageStore
{
    public Dictionary<string, ImageConfiguration> Images { get; } = new(StringComparer.Ordinal)
    {
        ["hello"] = new() { Cmd = ["/hello"], Env = ["PATH=/bin"], WorkingDir = "/app", User = "app" },
        ["mute"] = new(),
    };

    public Task<IReadOnlyList<StoredImage>> ListAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<StoredImage>>([]);

    public Task<Result<StoredImage>> FindAsync(string reference, CancellationToken cancellation)
    {
        var name = reference.Split('@', ':')[0];
        return Task.FromResult<Result<StoredImage>>(Images.TryGetValue(name, out var configuration)
            ? new StoredImage(name, "latest", "sha256:" + new string('a', 64), DateTimeOffset.UnixEpoch, 1, "/root.erofs", configuration)
            : new WispError(ErrorCode.NotFound, $"No image '{reference}'."));
    }
}

/// <summary>A gateway that remembers its routes.</summary>
internal sealed class FakeGateway : IGateway
{
    public ConcurrentDictionary<Guid, Route> Routes { get; } = new();

    public int? TakenPort { get; set; }

    public Task<Result> PublishAsync(Route route, CancellationToken cancellation)
    {
        if (route.Listen.Port == TakenPort)
        {
            return Task.FromResult<Result>(new WispError(ErrorCode.CannotAddService, $"Port {TakenPort} is taken."));
        }

        Routes[route.Id] = route;
        return Task.FromResult(Result.Success);
    }

    public Task UnpublishAsync(Guid routeId)
    {
        Routes.TryRemove(routeId, out _);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
