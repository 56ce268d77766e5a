using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Wisp.GuestProtocol;
using Wisp.Machines.Agent;
using Wisp.Machines.Tests.Support;

namespace Wisp.Machines.Tests.Agent;

/// <summary>The host's end, against a socket on which the test plays a guest, well-behaved or not.</summary>
public sealed class AgentConnectionTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private SocketPair _guest = null!;
    private AgentConnection _agent = null!;

    public async ValueTask InitializeAsync()
    {
        _guest = await SocketPair.CreateAsync();
        _agent = new AgentConnection(_guest.Ours, _time);
    }

    [Fact]
    public async Task Frames_come_whole_and_in_order_however_they_are_cut()
    {
        byte[] bytes = [.. AgentFrame.Encode(FrameKind.PortOpen, [80, 0]), .. AgentFrame.Encode(FrameKind.Status, "{}"u8), .. AgentFrame.Encode(FrameKind.Exited)];
        foreach (var one in bytes)
        {
            await _guest.SayAsync(new[] { one });
        }

        var messages = new[] { await _agent.Messages.ReadAsync(), await _agent.Messages.ReadAsync(), await _agent.Messages.ReadAsync() };
        Assert.Equal([FrameKind.PortOpen, FrameKind.Status, FrameKind.Exited], messages.Select(message => message.Kind));
        Assert.Equal(["P\0", "{}", ""], messages.Select(message => System.Text.Encoding.ASCII.GetString(message.Payload)));
    }

    [Fact]
    public async Task A_frame_goes_out_as_it_is()
    {
        var frame = AgentFrame.Encode(FrameKind.Configure, new byte[1_000_000]);
        var sending = _agent.SendAsync(frame);
        Assert.Equal(frame, await _guest.HearAsync(frame.Length));
        Assert.True((await sending).IsSuccess);
    }

    [Theory]
    [InlineData(AgentConnection.MaxGuestPayload + 1)]
    [InlineData(AgentFrame.MaxPayload)]
    [InlineData(uint.MaxValue)]
    public async Task A_guest_that_announces_too_much_is_not_listened_to(uint length)
    {
        await _guest.SayAsync(AgentFrame.Encode(FrameKind.PortOpen, [80, 0]));
        await _guest.SayAsync((byte[])[.. BitConverter.GetBytes(length), 1]);
        Assert.Equal(FrameKind.PortOpen, (await _agent.Messages.ReadAsync()).Kind);
        await _agent.Messages.Completion;
    }

    [Fact]
    public async Task A_torn_frame_is_not_handed_out()
    {
        await _guest.SayAsync(AgentFrame.Encode(FrameKind.Status, "{}"u8).AsMemory(0, 6));
        _guest.Theirs.Dispose();
        await _agent.Messages.Completion;
    }

    [Fact]
    public async Task Sending_to_a_guest_that_is_gone_is_an_error()
    {
        _guest.Theirs.Dispose();
        await _agent.Messages.Completion;
        Assert.Equal(ErrorCode.OperationFailed, (await _agent.SendAsync(AgentFrame.Encode(FrameKind.Query))).Error!.Code);
    }

    /// <summary>It waits in the kernel's buffers; the host keeps a bounded number of its messages.</summary>
    [Fact]
    public async Task A_guest_that_talks_without_end_has_to_wait_and_does_not_hinder_hanging_up()
    {
        var flooding = Task.Run(async () =>
        {
            while (true)
            {
                await _guest.SayAsync(AgentFrame.Encode(FrameKind.Status, new byte[1000]));
            }
        });
        await _agent.Messages.WaitToReadAsync();
        while (_agent.Messages.Count < 64)
        {
            await Task.Yield();
        }

        await _agent.DisposeAsync();
        Assert.Equal(64, _agent.Messages.Count);
        await Assert.ThrowsAsync<SocketException>(() => flooding);
    }

    [Fact]
    public async Task Hanging_up_while_a_frame_is_under_way_is_an_error_for_its_sender()
    {
        var sending = _agent.SendAsync(AgentFrame.Encode(FrameKind.Configure, new byte[8_000_000]));
        var waiting = _agent.SendAsync(AgentFrame.Encode(FrameKind.Query));
        await _agent.DisposeAsync();
        Assert.Equal(ErrorCode.OperationFailed, (await sending).Error!.Code);
        Assert.Equal(ErrorCode.OperationFailed, (await waiting).Error!.Code);
        Assert.Equal(ErrorCode.OperationFailed, (await _agent.SendAsync(AgentFrame.Encode(FrameKind.Query))).Error!.Code);
    }

    /// <summary>Nobody waits longer, neither for its own frame nor for a turn behind another's.</summary>
    [Fact]
    public async Task A_guest_that_does_not_read_is_hung_up_on()
    {
        var sending = _agent.SendAsync(AgentFrame.Encode(FrameKind.Configure, new byte[8_000_000]));
        var waiting = _agent.SendAsync(AgentFrame.Encode(FrameKind.Query));
        Assert.False(sending.IsCompleted || waiting.IsCompleted);
        _time.Advance(AgentConnection.SendTimeout);
        Assert.Equal(ErrorCode.TimedOut, (await sending).Error!.Code);
        Assert.Equal(ErrorCode.OperationFailed, (await waiting).Error!.Code);
        await _agent.Messages.Completion;
    }

    /// <summary>Half a frame of what somebody else was told stands in the way of all that follows, on both sides.</summary>
    [Fact]
    public async Task A_guest_that_is_out_of_step_is_hung_up_on_and_called_again()
    {
        using var first = await SocketPair.CreateAsync();
        using var second = await SocketPair.CreateAsync();
        await using var agent = new AgentConnection(first.Ours, _time, () => Task.FromResult<Socket?>(second.Ours));
        await first.SayAsync((byte[])[.. BitConverter.GetBytes(uint.MaxValue), 1]);
        // The guest sees that, and forgets what it had half said.
        Assert.Equal(0, await first.Theirs.ReceiveAsync(new byte[1]));
        var query = second.HearAsync(AgentFrame.HeaderSize);
        while (!query.IsCompleted)
        {
            _time.Advance(AgentConnection.ReopenDelay);
            await Task.Yield();
        }

        Assert.Equal(AgentFrame.Encode(FrameKind.Query), await query);
        await second.SayAsync(AgentFrame.Encode(FrameKind.Status, "{}"u8));
        Assert.Equal(FrameKind.Status, (await agent.Messages.ReadAsync()).Kind);
        Assert.True((await agent.SendAsync(AgentFrame.Encode(FrameKind.PowerOff))).IsSuccess);
        Assert.Equal(AgentFrame.Encode(FrameKind.PowerOff), await second.HearAsync(AgentFrame.HeaderSize));
    }

    [Fact]
    public async Task Nobody_is_called_again_who_is_gone()
    {
        using var first = await SocketPair.CreateAsync();
        await using var agent = new AgentConnection(first.Ours, _time, () => throw new InvalidOperationException("nobody is there"));
        await first.SayAsync(AgentFrame.Encode(FrameKind.Exited));
        agent.End();
        first.Theirs.Dispose();
        Assert.Equal(FrameKind.Exited, (await agent.Messages.ReadAsync()).Kind);
        await agent.Messages.Completion;
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        _guest.Dispose();
    }
}
