using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Wisp.Gateway.Forwarding;

/// <summary>
/// A connection that stays open while its instance sleeps, as long as nothing is said in it. Each piece that the client says, its end
/// included, is held until the instance is awake, and reaches it in order; what the guest says reaches the client at once.
/// </summary>
internal sealed class ParkedRelay(Backend backend, Route route, TimeProvider time)
{
    // A page of the guest's more than Linux sends at once.
    private const int PieceBytes = 64 * 1024;

    /// <summary>Relays until both directions have ended. Only for who has entered the backend.</summary>
    public async Task RunAsync(PipeReader fromClient, ClientStream toClient, Socket guest)
    {
        await using var stream = new NetworkStream(guest);
        backend.Park(guest);
        try
        {
            await Directions.BothAsync(FromClientAsync(fromClient, stream, guest), FromGuestAsync(stream, toClient));
        }
        finally
        {
            backend.Unpark(guest);
        }
    }

    private async Task FromClientAsync(PipeReader client, NetworkStream guest, Socket end)
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
    private async Task FromGuestAsync(NetworkStream guest, ClientStream client)
    {
        while (true)
        {
            // Nothing is held while nothing is said: there may be thousands of these.
            await guest.Socket.ReceiveAsync(Memory<byte>.Empty);
            // It also returns for news that was read already; to read then would be to wait, and to look busy for ever.
            if (!guest.Socket.Poll(0, SelectMode.SelectRead))
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
