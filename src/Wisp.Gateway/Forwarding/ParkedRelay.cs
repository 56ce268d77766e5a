using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Wisp.Gateway.Observing;

namespace Wisp.Gateway.Forwarding;

/// <summary>
/// A connection that stays open while its instance sleeps, as long as nothing is said in it. Each piece that the client says, its end
/// included, is held until the instance is awake, and reaches it in order; what the guest says reaches the client at once.
/// </summary>
internal sealed class ParkedRelay(Backend backend, Route route, Passage passage, TimeProvider time)
{
    // A page of the guest's more than Linux sends at once.
    private const int PieceBytes = 64 * 1024;

    /// <summary>Relays until both directions have ended. Only for who has entered the backend.</summary>
    public async Task RunAsync(PipeReader fromClient, ClientStream toClient, Socket guest)
    {
        await using var stream = passage.Count(new NetworkStream(guest));
        backend.Park(guest);
        try
        {
            await Directions.BothAsync(FromClientAsync(fromClient, stream, guest), FromGuestAsync(stream, guest, toClient));
        }
        finally
        {
            backend.Unpark(guest);
        }
    }

    private async Task FromClientAsync(PipeReader client, Stream guest, Socket end)
    {
        while (true)
        {
            var read = await client.ReadAsync();
            var awake = backend.Stir();
            try
            {
                if (!awake && (await WakeGate.PassAsync(backend, route, time, CancellationToken.None)).Failed(out var error, out _))
                {
                    throw new IOException(error.Message);
                }

                foreach (var piece in read.Buffer)
                {
                    await guest.WriteAsync(piece);
                }

                client.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    end.Shutdown(SocketShutdown.Send);
                    return;
                }
            }
            finally
            {
                backend.Settle();
            }
        }
    }

    // It needs no wake: what a guest has said is on this side already. But while a client is slow to take it, more may be to come.
    private async Task FromGuestAsync(Stream guest, Socket socket, ClientStream client)
    {
        while (true)
        {
            // Nothing is held while nothing is said: there may be thousands of these.
            await socket.ReceiveAsync(Memory<byte>.Empty);
            // It also returns for news that was read already; to read then would be to wait, and to look busy for ever.
            if (!socket.Poll(0, SelectMode.SelectRead))
            {
                continue;
            }

            var buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
            backend.Stir();
            try
            {
                var length = await guest.ReadAsync(buffer);
                if (length == 0)
                {
                    await client.EndAsync();
                    return;
                }

                await client.Stream.WriteAsync(buffer.AsMemory(0, length));
            }
            finally
            {
                backend.Settle();
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
}
