using System.Net;
using System.Security.Cryptography;

namespace Wisp.Gateway.Tests.Duplex;

/// <summary>So many random bytes, made as they are sent.</summary>
internal sealed class RandomBody(long size, bool chunked) : HttpContent
{
    private readonly byte[] _piece = new byte[50_021];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _sent;

    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Of all that was sent.</summary>
    public byte[] Hash() => _hash.GetCurrentHash();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        while (Sent < size)
        {
            var piece = _piece.AsMemory(0, (int)Math.Min(_piece.Length, size - Sent));
            RandomNumberGenerator.Fill(piece.Span);
            _hash.AppendData(piece.Span);
            Interlocked.Add(ref _sent, piece.Length);
            await stream.WriteAsync(piece, cancellationToken);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = size;
        return !chunked;
    }

    protected override void Dispose(bool disposing)
    {
        _hash.Dispose();
        base.Dispose(disposing);
    }
}
