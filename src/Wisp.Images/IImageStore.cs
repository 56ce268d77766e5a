namespace Wisp.Images;

/// <summary>The node's images, content-addressed by SHA-256. Safe for several processes at once (the builder writes while wispd reads).</summary>
public interface IImageStore
{
    /// <summary>All images, newest first.</summary>
    Task<IReadOnlyList<StoredImage>> ListAsync(CancellationToken cancellation);

    /// <summary>
    /// Finds an image by reference: <c>name</c>, <c>name:tag</c>, <c>org/name:tag</c>, <c>name@sha256:…</c>, with or without
    /// <c>oci://</c> and a registry host.
    /// </summary>
    /// <returns>
    /// The image; <see cref="ErrorCode.NotFound"/> naming the reference and how to make it; <see cref="ErrorCode.InvalidValue"/>
    /// when the reference cannot be read.
    /// </returns>
    Task<Result<StoredImage>> FindAsync(string reference, CancellationToken cancellation);

    /// <summary>
    /// Removes an image with all its tags, and its root filesystem when no other image has the same. Whether anybody still needs it
    /// is for the caller to know.
    /// </summary>
    /// <param name="name">Repository name.</param>
    /// <param name="digest">Digest of the OCI manifest.</param>
    /// <param name="cancellation">Gives up before anything is removed.</param>
    /// <returns>Success, also when there was none; or why it cannot be removed.</returns>
    Task<Result> RemoveAsync(string name, string digest, CancellationToken cancellation);
}
