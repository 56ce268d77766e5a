using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Wisp.Network.Dns;

/// <summary>
/// The guests' name server: knows who asks by the address (which nobody else can have), answers what is the node's, and passes the rest
/// on. UDP and TCP; how often a guest asks is the firewall's business, how much of it goes on at once is limited here.
/// </summary>
internal sealed class GuestDns : IAsyncDisposable
{
    private const int MostQuestions = 512, MostConnections = 256, MostOfAGuest = 32, LongestQuestion = 4096;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10), AnswerPatience = TimeSpan.FromSeconds(1);

    private readonly Socket _datagrams;
    private readonly Socket _streams;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new(), _end = new();
    // All that goes on has a place here, so who has all places knows that nothing does.
    private readonly SemaphoreSlim _questions = new(MostQuestions), _connections = new(MostConnections);
    private readonly ConcurrentDictionary<int, int> _ofGuests = new();
    private Task _serving = Task.CompletedTask;

    private GuestDns(Socket datagrams, Socket streams, TimeProvider time) => (_datagrams, _streams, _time) = (datagrams, streams, time);

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_datagrams.LocalEndPoint!;

    /// <summary>Opens it; questions wait until it serves.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="port">The port that it would like; when that is taken, another.</param>
    /// <param name="time">The clock.</param>
    /// <param name="open">Where its sockets come from.</param>
    /// <exception cref="SocketException">It cannot listen at all.</exception>
    public static GuestDns Listen(IPAddress address, int port, TimeProvider time, OpenSocket open)
    {
        Socket? bound = null;
        var datagrams = open($"dns-udp:{address}", () =>
        {
            (var both, bound) = Bind(address, port);
            return both;
        });
        return new GuestDns(datagrams, open($"dns-tcp:{address}", () => bound ?? BindStreams(datagrams.LocalEndPoint!)), time);
    }

    /// <summary>Begins to answer.</summary>
    /// <param name="slotOf">The slot of the guest with an address.</param>
    /// <param name="zone">What is answered here.</param>
    /// <param name="upstream">Who answers the rest.</param>
    public void Serve(Func<IPAddress, int?> slotOf, InternalZone zone, Upstream upstream) =>
        _serving = Task.WhenAll(ServeDatagramsAsync(slotOf, zone, upstream), ServeStreamsAsync(slotOf, zone, upstream));

    /// <summary>Hears no more, and lets go of all that is under way; what was asked before has a moment to be answered.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _serving;
        _end.CancelAfter(AnswerPatience);
        for (var i = 0; i < MostQuestions; i++)
        {
            await _questions.WaitAsync();
        }

        await _end.CancelAsync();
        for (var i = 0; i < MostConnections; i++)
        {
            await _connections.WaitAsync();
        }

        _datagrams.Dispose();
        _streams.Dispose();
        _questions.Dispose();
        _connections.Dispose();
        _closing.Dispose();
        _end.Dispose();
    }

    // Both at the same port.
    private static (Socket Datagrams, Socket Streams) Bind(IPAddress address, int port)
    {
        while (true)
        {
            var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                datagrams.Bind(new IPEndPoint(address, port));
                return (datagrams, BindStreams(datagrams.LocalEndPoint!));
            }
            catch (SocketException exception)
            {
                datagrams.Dispose();
                if (exception.SocketErrorCode != SocketError.AddressAlreadyInUse)
                {
                    throw;
                }

                port = 0;
            }
        }
    }

    private static Socket BindStreams(EndPoint endpoint)
    {
        var streams = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            streams.Bind(endpoint);
            streams.Listen();
            return streams;
        }
        catch (SocketException)
        {
            streams.Dispose();
            throw;
        }
    }

    private async Task ServeDatagramsAsync(Func<IPAddress, int?> slotOf, InternalZone zone, Upstream upstream)
    {
        var buffer = new byte[ushort.MaxValue];
        var anybody = new IPEndPoint(IPAddress.Any, 0);
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                var received = await _datagrams.ReceiveFromAsync(buffer, SocketFlags.None, anybody, _closing.Token);
                var asker = (IPEndPoint)received.RemoteEndPoint;
                if (slotOf(asker.Address) is { } slot && received.ReceivedBytes <= LongestQuestion)
                {
                    var message = buffer[..received.ReceivedBytes];
                    _ = AnswerAsync(new Question(slot, message, IsStream: false), zone, upstream, answer => _datagrams.SendToAsync(answer, SocketFlags.None, asker, _end.Token).AsTask());
                }
            }
            catch (SocketException)
            {
                // What an earlier answer met with, a port that is closed for instance.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ServeStreamsAsync(Func<IPAddress, int?> slotOf, InternalZone zone, Upstream upstream)
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                var socket = await _streams.AcceptAsync(_closing.Token);
                if (slotOf(((IPEndPoint)socket.RemoteEndPoint!).Address) is not { } slot || !_connections.Wait(0))
                {
                    socket.Dispose();
                    continue;
                }

                _ = ServeStreamAsync(socket, slot, zone, upstream);
            }
            catch (SocketException exception)
            {
                // It had hung up before it was accepted, or there are no descriptors, of which asking again at once makes no more.
                if (exception.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
                {
                    await Task.Delay(AnswerPatience, _time, _closing.Token).ContinueWith(_ => { }, TaskScheduler.Default);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ServeStreamAsync(Socket socket, int slot, InternalZone zone, Upstream upstream)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            if (!Enter(slot))
            {
                return;
            }

            try
            {
                var head = new byte[2];
                while (true)
                {
                    using var silence = new CancellationTokenSource(Silence, _time);
                    using var limit = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, _end.Token);
                    await stream.ReadExactlyAsync(head, limit.Token);
                    var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(head)];
                    if (message.Length > LongestQuestion)
                    {
                        return;
                    }

                    await stream.ReadExactlyAsync(message, limit.Token);
                    await AnswerAsync(new Question(slot, message, IsStream: true), zone, upstream, answer => stream.WriteAsync(Upstream.Framed(answer), limit.Token).AsTask());
                }
            }
            finally
            {
                Leave(slot);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // It hung up, said nothing for too long, or all ends.
        }
        finally
        {
            _connections.Release();
        }
    }

    // Whatever the question, this fails for nothing but the end or a client that has gone.
    private async Task AnswerAsync(Question question, InternalZone zone, Upstream upstream, Func<byte[], Task> sendAsync)
    {
        if (!DnsQuery.IsQuestion(question.Message) || !_questions.Wait(0))
        {
            return;
        }

        try
        {
            await sendAsync(await AnswerAsync(question, zone, upstream));
        }
        catch (Exception exception) when (!question.IsStream && exception is SocketException or OperationCanceledException)
        {
            // Nobody waits for it any more.
        }
        finally
        {
            _questions.Release();
        }
    }

    private async Task<byte[]> AnswerAsync(Question question, InternalZone zone, Upstream upstream)
    {
        var message = question.Message;
        if (DnsQuery.Parse(message) is not { } query)
        {
            return DnsAnswer.Of(message, null, DnsQuery.IsUsual(message) ? DnsAnswer.Code.FormatError : DnsAnswer.Code.NotImplemented);
        }

        if (zone.Answer(question.Slot, message, query) is { } own)
        {
            return own;
        }

        if (!Enter(question.Slot))
        {
            return DnsAnswer.Of(message, query, DnsAnswer.Code.ServerFailure);
        }

        try
        {
            return await upstream.AskAsync(message, query.End, question.IsStream, _end.Token) ?? DnsAnswer.Of(message, query, DnsAnswer.Code.ServerFailure);
        }
        finally
        {
            Leave(question.Slot);
        }
    }

    // No guest takes all that there is for all.
    private bool Enter(int slot)
    {
        if (_ofGuests.AddOrUpdate(slot, 1, (_, count) => count + 1) <= MostOfAGuest)
        {
            return true;
        }

        Leave(slot);
        return false;
    }

    private void Leave(int slot)
    {
        if (_ofGuests.AddOrUpdate(slot, 0, (_, count) => count - 1) == 0)
        {
            _ofGuests.TryRemove(KeyValuePair.Create(slot, 0));
        }
    }

    private readonly record struct Question(int Slot, byte[] Message, bool IsStream);
}
