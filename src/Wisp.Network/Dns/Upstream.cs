using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Wisp.Network.Dns;

/// <summary>Passes questions on to the host's resolvers, one after the other, and their answers back as they are.</summary>
/// <param name="servers">Where to ask.</param>
/// <param name="time">The clock.</param>
internal sealed class Upstream(Func<IReadOnlyList<IPEndPoint>> servers, TimeProvider time)
{
    // Guests' resolvers ask again after five seconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The answer of the first that gives one; null when none does.</summary>
    /// <param name="question">The question.</param>
    /// <param name="end">Where it ends in the message.</param>
    /// <param name="isStream">Whether it came over TCP.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<byte[]?> AskAsync(ReadOnlyMemory<byte> question, int end, bool isStream, CancellationToken cancellation)
    {
        foreach (var server in servers())
        {
            using var late = new CancellationTokenSource(Patience, time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
            try
            {
                return isStream ? await AskByStreamAsync(server, question, end, limit.Token) : await AskAsync(server, question, end, limit.Token);
            }
            catch (Exception exception) when (exception is SocketException or IOException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                // The next one, then.
            }
        }

        return null;
    }

    // A socket of its own for each question, so that its port is one more thing that somebody who forges answers would have to guess.
    private static async Task<byte[]> AskAsync(IPEndPoint server, ReadOnlyMemory<byte> question, int end, CancellationToken cancellation)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellation);
        await socket.SendAsync(question, cancellation);
        var buffer = new byte[ushort.MaxValue];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, cancellation);
            if (IsAnswer(buffer.AsSpan(0, length), question.Span, end))
            {
                return buffer[..length];
            }
        }
    }

    private static async Task<byte[]> AskByStreamAsync(IPEndPoint server, ReadOnlyMemory<byte> question, int end, CancellationToken cancellation)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server, cancellation);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Framed(question.Span), cancellation);
        var head = new byte[2];
        await stream.ReadExactlyAsync(head, cancellation);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(head)];
        await stream.ReadExactlyAsync(answer, cancellation);
        return IsAnswer(answer, question.Span, end) ? answer : throw new IOException("not the answer to this question");
    }

    /// <summary>A message as TCP carries it, behind its length.</summary>
    public static byte[] Framed(ReadOnlySpan<byte> message)
    {
        var framed = new byte[2 + message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)message.Length);
        message.CopyTo(framed.AsSpan(2));
        return framed;
    }

    /// <summary>Whether this answers that: the same number, and the same question whatever its capitals. Pure.</summary>
    internal static bool IsAnswer(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> question, int end) =>
        answer.Length >= DnsQuery.HeaderLength && answer[..2].SequenceEqual(question[..2]) && (answer[2] & 0x80) != 0
        // One that could not read the question does not repeat it.
        && (BinaryPrimitives.ReadUInt16BigEndian(answer[4..]) == 0
            || (answer.Length >= end && AreAlike(answer[DnsQuery.HeaderLength..end], question[DnsQuery.HeaderLength..end])));

    // Names are any bytes, not text: only letters have capitals.
    private static bool AreAlike(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        for (var i = 0; i < one.Length; i++)
        {
            if (one[i] != other[i] && !(char.IsAsciiLetter((char)one[i]) && (one[i] ^ other[i]) == 0x20))
            {
                return false;
            }
        }

        return true;
    }
}
