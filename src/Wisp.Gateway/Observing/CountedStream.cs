using System.Runtime.CompilerServices;

namespace Wisp.Gateway.Observing;

/// <summary>A stream to a client or to an instance, of which it is counted what goes through.</summary>
/// <param name="inner">The stream.</param>
/// <param name="traffic">Whose.</param>
/// <param name="entry">The line of the access log that it is also counted on, or null.</param>
/// <param name="isClients">True when it is a client's: then what is read has been received, and else what is written.</param>
internal sealed class CountedStream(Stream inner, ServiceTraffic traffic, AccessEntry? entry, bool isClients) : Stream
{
    public override bool CanRead => inner.CanRead;

    public override bool CanWrite => inner.CanWrite;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var length = await inner.ReadAsync(buffer, cancellationToken);
        Count(length, isReceived: isClients);
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Count(buffer.Length, isReceived: !isClients);
        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Count(int bytes, bool isReceived)
    {
        if (bytes == 0)
        {
            return;
        }

        if (isReceived)
        {
            traffic.Receive(bytes);
            entry?.Receive(bytes);
        }
        else
        {
            traffic.Send(bytes);
            entry?.Send(bytes);
        }
    }
}
