using Wisp.Images;

namespace Wisp.Testing;

/// <summary>Images by name.</summary>
public sealed class FakeImages : IImageStore
{
    public Dictionary<string, ImageConfiguration> Images { get; } = new(StringComparer.Ordinal)
    {
        ["hello"] = new() { Cmd = ["/hello"], Env = ["PATH=/bin"], WorkingDir = "/app", User = "app" },
        ["mute"] = new(),
    };

    /// <summary>When true, the store cannot be read.</summary>
    public bool Broken { get; set; }

    public Task<IReadOnlyList<StoredImage>> ListAsync(CancellationToken cancellation) => Broken ? throw new IOException("The disk is gone.") :
        Task.FromResult<IReadOnlyList<StoredImage>>([.. Images.Keys.Select(Stored)]);

    public Task<Result<StoredImage>> FindAsync(string reference, CancellationToken cancellation)
    {
        var name = reference.Split('@', ':')[0];
        return Task.FromResult<Result<StoredImage>>(Images.ContainsKey(name) ? Stored(name) : new WispError(ErrorCode.NotFound, $"No image '{reference}'."));
    }

    public Task<Result> RemoveAsync(string name, string digest, CancellationToken cancellation)
    {
        Images.Remove(name);
        return Task.FromResult(Result.Success);
    }

    private StoredImage Stored(string name) =>
        new(name, "latest", "sha256:" + new string('a', 64), DateTimeOffset.UnixEpoch, 1, "/root.erofs", Images[name]);
}
