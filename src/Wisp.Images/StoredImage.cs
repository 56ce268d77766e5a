namespace Wisp.Images;

/// <summary>An image that a machine can be made of.</summary>
/// <param name="Name">Repository name without tag, e.g. <c>hello</c> or <c>acme/web</c>.</param>
/// <param name="Tag">Its tag, e.g. <c>latest</c>.</param>
/// <param name="Digest">Digest of the OCI manifest it was made from: <c>sha256:</c> and 64 hex digits.</param>
/// <param name="CreatedAt">When it was built or imported.</param>
/// <param name="SizeBytes">Size of the root filesystem in bytes.</param>
/// <param name="RootFilesystem">Path of the erofs image.</param>
/// <param name="Configuration">What the image says about running it.</param>
public sealed record StoredImage(
    string Name, string Tag, string Digest, DateTimeOffset CreatedAt, long SizeBytes, string RootFilesystem,
    ImageConfiguration Configuration);
