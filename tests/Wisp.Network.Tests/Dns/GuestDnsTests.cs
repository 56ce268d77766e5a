using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Wisp.Network.Dns;
using Wisp.Network.Tests.Support;

namespace Wisp.Network.Tests.Dns;

/// <summary>The name server over loopback, where this process plays the guest in slot 0 and the host's resolver.</summary>
public sealed partial class GuestDnsTests : IAsyncLifetime
{
    private static readonly NodeSubnet Subnet = new(0, NodeSubnet.UsualPrefix);

    private readonly Village _guests = new() { Guests = { [0] = ("own", "web"), [1] = ("own", "db"), [2] = ("own", "my.app"), [3] = ("other", "secret") } };
    private readonly Socket _resolver = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly GuestDns _dns = GuestDns.Listen(IPAddress.Loopback, 0, TimeProvider.System, static (_, bind) => bind());
    private readonly List<IPEndPoint> _resolvers = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _resolver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _dns.Serve(_ => 0, new InternalZone(Subnet, _guests), new Upstream(() => _resolvers, TimeProvider.System));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _dns.DisposeAsync();
        _resolver.Dispose();
    }

    [Theory]
    [InlineData("db.internal", Questions.A, 0, "10.64.0.3")]
    [InlineData("DB.Internal", Questions.A, 0, "10.64.0.3")]
    [InlineData("my.app.internal", Questions.A, 0, "10.64.0.4")]
    [InlineData("web.internal", Questions.A, 0, "10.64.0.2")]
    [InlineData("db.internal", Questions.Aaaa, 0, "")]
    [InlineData("internal", Questions.A, 0, "")]
    [InlineData("nobody.internal", Questions.A, 3, "")]
    [InlineData("secret.internal", Questions.A, 3, "")]
    [InlineData("secret.internal", Questions.Aaaa, 3, "")]
    [InlineData("3.0.64.10.in-addr.arpa", Questions.Ptr, 0, "db.internal")]
    [InlineData("5.0.64.10.in-addr.arpa", Questions.Ptr, 3, "")]
    [InlineData("1.0.64.10.in-addr.arpa", Questions.Ptr, 3, "")]
    public async Task The_node_answers_for_the_names_and_addresses_of_the_askers_account(string name, ushort type, int code, string data)
    {
        foreach (var isExtended in (bool[])[false, true])
        {
            var question = Questions.Of(name, type, isExtended);
            var answer = await AskAsync(question);
            Assert.Equal((code, data.Length == 0 ? 0 : 1, data), Questions.Read(answer, question));
            Assert.Equal(isExtended, answer[11] == 1);
            Assert.Equal(answer, await AskByStreamAsync(question));
        }
    }

    [Theory]
    [InlineData("example.com", Questions.A)]
    [InlineData("internal.example.com", Questions.A)]
    [InlineData("2.0.192.10.in-addr.arpa", Questions.Ptr)]
    public async Task The_rest_is_asked_of_the_hosts_resolver_and_answered_as_it_answers(string name, ushort type)
    {
        _resolvers.Add((IPEndPoint)_resolver.LocalEndPoint!);
        var question = Questions.Of(name, type, isExtended: true);
        var answering = AnswerOnceAsync(asked => [.. asked[..2], 0x81, 0x83, .. asked[4..], 1, 2, 3]);
        var answer = await AskAsync(question);
        Assert.Equal(question, await answering);
        Assert.Equal([.. question[..2], 0x81, 0x83, .. question[4..], 1, 2, 3], answer);
    }

    [Fact]
    public async Task An_answer_to_something_else_is_passed_over_and_a_resolver_that_is_not_there_too()
    {
        // Nobody listens there: a socket that is bound, and closed.
        using (var gone = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
        {
            gone.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _resolvers.Add((IPEndPoint)gone.LocalEndPoint!);
        }

        _resolvers.Add((IPEndPoint)_resolver.LocalEndPoint!);
        var question = Questions.Of("example.com", Questions.A);
        var answering = AnswerOnceAsync(asked => [.. asked[..2], 0x81, 0x80, .. asked[4..], 7], first: asked => [(byte)~asked[0], .. asked[1..]]);
        var answer = await AskAsync(question);
        await answering;
        Assert.Equal(7, answer[^1]);
    }

    [Fact]
    public async Task Without_a_resolver_the_rest_fails_at_once()
    {
        var question = Questions.Of("example.com", Questions.A);
        Assert.Equal((2, 0, ""), Questions.Read(await AskAsync(question), question));
        Assert.Equal((2, 0, ""), Questions.Read(await AskByStreamAsync(question), question));
    }

    [Fact]
    public async Task What_is_no_question_gets_an_error_or_nothing_and_others_are_served_on()
    {
        var good = Questions.Of("db.internal", Questions.A);
        byte[] unreadable = [.. good[..12], 0xC0, 0x0C];
        byte[] update = [.. good[..2], 0x28, 0, .. good[4..]];
        byte[] answer = [.. good[..2], 0x80, 0, .. good[4..]];
        Assert.Equal([good[0], good[1], 0x85, 0x81, 0, 0, 0, 0, 0, 0, 0, 0], await AskAsync(unreadable));
        Assert.Equal([good[0], good[1], 0xAC, 0x84, 0, 0, 0, 0, 0, 0, 0, 0], await AskAsync(update));
        foreach (var silent in (byte[][])[answer, [], [1, 2, 3], new byte[5000]])
        {
            // Nothing comes of it, so what comes first is the answer to what was asked next.
            Assert.Equal(Questions.Read(await AskAsync(good), good), Questions.Read(await AskAsync(good, before: silent), good));
        }
    }

    [Fact]
    public async Task A_connection_carries_question_after_question_and_one_that_is_too_long_ends_it()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_dns.EndPoint, Cancel);
        var stream = client.GetStream();
        var question = Questions.Of("db.internal", Questions.A);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("10.64.0.3", Questions.Read(await ExchangeAsync(stream, question), question).Data);
        }

        await stream.WriteAsync(Upstream.Framed(new byte[5000]).AsMemory(0, 2), Cancel);
        Assert.Equal(0, await stream.ReadAsync(new byte[1], Cancel));
    }

    [Fact]
    public async Task What_is_asked_between_two_is_answered_by_the_second_and_what_was_under_way_by_the_first()
    {
        var sockets = new Dictionary<string, Socket>(StringComparer.Ordinal);
        var first = GuestDns.Listen(IPAddress.Loopback, 0, TimeProvider.System, Open);
        _resolvers.Add((IPEndPoint)_resolver.LocalEndPoint!);
        first.Serve(_ => 0, new InternalZone(Subnet, _guests), new Upstream(() => _resolvers, TimeProvider.System));
        using UdpClient before = new(new IPEndPoint(IPAddress.Loopback, 0)), between = new(new IPEndPoint(IPAddress.Loopback, 0));
        byte[] far = Questions.Of("example.com", Questions.A), near = Questions.Of("db.internal", Questions.A);
        await before.SendAsync(far, first.EndPoint, Cancel);
        var asked = await _resolver.ReceiveFromAsync(new byte[512], SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), Cancel);
        var ending = first.DisposeAsync().AsTask();
        await _resolver.SendToAsync((byte[])[.. far[..2], 0x81, 0x80, .. far[4..], 7], SocketFlags.None, asked.RemoteEndPoint, Cancel);
        Assert.Equal(7, (await before.ReceiveAsync(Cancel)).Buffer[^1]);
        await ending;

        var at = (IPEndPoint)sockets.First().Value.LocalEndPoint!;
        await between.SendAsync(near, at, Cancel);
        using var stream = new TcpClient();
        await stream.ConnectAsync(at, Cancel);
        var answer = ExchangeAsync(stream.GetStream(), near);
        await using var second = GuestDns.Listen(IPAddress.Loopback, 0, TimeProvider.System, Open);
        Assert.Equal(at, second.EndPoint);
        second.Serve(_ => 0, new InternalZone(Subnet, _guests), new Upstream(() => _resolvers, TimeProvider.System));
        Assert.Equal("10.64.0.3", Questions.Read((await between.ReceiveAsync(Cancel)).Buffer, near).Data);
        Assert.Equal("10.64.0.3", Questions.Read(await answer, near).Data);
        sockets.Values.ToList().ForEach(socket => socket.Dispose());

        Socket Open(string name, Func<Socket> bind)
        {
            if (!sockets.TryGetValue(name, out var socket))
            {
                socket = sockets[name] = bind();
            }

            // SAFETY: dup(2) takes an integer. The next process finds it under another number, too.
            return new Socket(new SafeSocketHandle(dup((int)socket.Handle), ownsHandle: true));
        }
    }

    private async Task<byte[]> AskAsync(byte[] question, byte[]? before = null)
    {
        using var client = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        if (before is not null)
        {
            await client.SendAsync(before, _dns.EndPoint, Cancel);
        }

        await client.SendAsync(question, _dns.EndPoint, Cancel);
        return (await client.ReceiveAsync(Cancel)).Buffer;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int dup(int descriptor);

    private async Task<byte[]> AskByStreamAsync(byte[] question)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_dns.EndPoint, Cancel);
        return await ExchangeAsync(client.GetStream(), question);
    }

    private static async Task<byte[]> ExchangeAsync(NetworkStream stream, byte[] question)
    {
        await stream.WriteAsync(Upstream.Framed(question), Cancel);
        var head = new byte[2];
        await stream.ReadExactlyAsync(head, Cancel);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(head)];
        await stream.ReadExactlyAsync(answer, Cancel);
        return answer;
    }

    private async Task<byte[]> AnswerOnceAsync(Func<byte[], byte[]> answer, Func<byte[], byte[]>? first = null)
    {
        var buffer = new byte[4096];
        var received = await _resolver.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), Cancel);
        var asked = buffer[..received.ReceivedBytes];
        if (first is not null)
        {
            await _resolver.SendToAsync(first(asked), SocketFlags.None, received.RemoteEndPoint, Cancel);
        }

        await _resolver.SendToAsync(answer(asked), SocketFlags.None, received.RemoteEndPoint, Cancel);
        return asked;
    }
}
