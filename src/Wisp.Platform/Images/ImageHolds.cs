using System.Collections.Concurrent;
using Wisp.Images;

namespace Wisp.Platform.Images;

/// <summary>Images that something is about to be made of whose record does not say so yet: until it does they stay.</summary>
internal sealed class ImageHolds(Catalogue catalogue, IImageStore images)
{
    private readonly ConcurrentDictionary<Held, byte> _held = new();

    /// <summary>Finds an image, which stays until the result is disposed.</summary>
    public async Task<Result<Held>> FindAsync(string reference, CancellationToken cancellation)
    {
        // In the turn, as is whoever removes one.
        using var turn = await catalogue.ChangeAsync(cancellation);
        if ((await images.FindAsync(reference, cancellation)).Failed(out var error, out var image))
        {
            return error;
        }

        var held = new Held(this, image);
        _held.TryAdd(held, 0);
        return held;
    }

    /// <summary>How many wait for an image.</summary>
    public int CountOf(StoredImage image) => _held.Keys.Count(held => held.Image.Name == image.Name && held.Image.Digest == image.Digest);

    /// <summary>An image that stays.</summary>
    internal sealed class Held(ImageHolds holds, StoredImage image) : IDisposable
    {
        public StoredImage Image => image;

        public void Dispose() => holds._held.TryRemove(this, out _);
    }
}
