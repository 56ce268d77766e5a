using Wisp.GuestProtocol;
using Wisp.Machines.Tests.Support;

namespace Wisp.Machines.Tests.Qemu;

/// <summary>What guests ask for, and what they are told of it.</summary>
public sealed class GuestNewsTests
{
    [Fact]
    public async Task What_a_guest_asks_for_is_an_event()
    {
        await using var played = await PlayedMachine.StartAsync();
        await played.SayAsync(FrameKind.ForkRequest, NumberPayload.Encode(1u));
        await played.SayAsync(FrameKind.TemplateRequest, NumberPayload.Encode(2u));
        await played.SayAsync(FrameKind.SleepHolds, NumberPayload.Encode(3ul));
        await played.SayAsync(FrameKind.Restored, "");
        // Nobody has asked: not an event and nothing unreadable.
        await played.SayAsync(FrameKind.Prepared, "");
        played.End();
        Assert.Equal(
            [new MachineEvent.ForkRequested(1), new MachineEvent.TemplateRequested(2), new MachineEvent.SleepHoldsChanged(3)], (await played.HistoryAsync()).SkipLast(1));
        Assert.Empty(played.Log.Lines);
    }

    [Theory]
    [InlineData(FrameKind.ForkRequest, 0)]
    [InlineData(FrameKind.ForkRequest, 3)]
    [InlineData(FrameKind.ForkRequest, 5)]
    [InlineData(FrameKind.TemplateRequest, 0)]
    [InlineData(FrameKind.TemplateRequest, 8)]
    [InlineData(FrameKind.SleepHolds, 4)]
    [InlineData(FrameKind.SleepHolds, 9)]
    public async Task What_has_another_length_is_ignored_and_said_once(FrameKind kind, int length)
    {
        await using var played = await PlayedMachine.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await played.SayAsync(kind, new byte[length]);
        }

        played.End();
        Assert.IsType<MachineEvent.Ended>(Assert.Single(await played.HistoryAsync()));
        Assert.Contains($"unreadable ({kind})", Assert.Single(played.Log.Lines), StringComparison.Ordinal);
    }

    /// <summary>Text is whatever it is: bytes that are none are replaced, and the capture goes on.</summary>
    [Fact]
    public async Task Trouble_that_is_no_text_is_no_trouble_for_the_host()
    {
        using var directory = new TemporaryDirectory();
        await using var played = await PlayedMachine.StartAsync();
        var capturing = played.Machine.CaptureAsync(new CaptureRequest { MemoryPath = directory.At("memory"), DevicesPath = directory.At("devices") }, default);
        Assert.Equal(FrameKind.Prepare, (await played.HearFrameAsync()).Kind);
        await played.SayAsync(FrameKind.Prepared, [0xff, 0x41]);
        for (var i = 0; i < 4; i++)
        {
            await played.ObeyAsync();
        }

        Assert.Equal("\ufffdA", (await capturing).Value.Trouble);
    }

    /// <summary>Else it would fill the host's memory.</summary>
    [Fact]
    public async Task A_guest_that_asks_faster_than_it_is_heard_is_heard_so_far_and_mentioned_once()
    {
        await using var played = await PlayedMachine.StartAsync();
        for (var ticket = 1u; ticket <= 400; ticket++)
        {
            await played.SayAsync(FrameKind.ForkRequest, NumberPayload.Encode(ticket));
        }

        await played.Log.HearAsync("faster than it is heard");
        played.End();
        var history = await played.HistoryAsync();
        Assert.Equal(Enumerable.Range(1, 256).Select(ticket => new MachineEvent.ForkRequested((uint)ticket)), history.Take(256));
        // What comes once there is room again may be heard; what came before that is lost.
        Assert.InRange(history.Count, 257, 400);
        Assert.IsType<MachineEvent.Ended>(history[^1]);
        Assert.Contains("faster than it is heard", Assert.Single(played.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_became_of_it_is_told_as_the_guest_reads_it()
    {
        await using var played = await PlayedMachine.StartAsync();
        var child = Guid.NewGuid();
        await TellAsync(new GuestNews.ForkDone(new ForkOutcome { Ticket = 1, Uuid = child }), FrameKind.ForkDone, payload =>
            Assert.True(ForkOutcome.TryDecode(payload, out var outcome) && outcome == new ForkOutcome { Ticket = 1, Uuid = child }));
        await TellAsync(new GuestNews.Child(new ForkChild { Uuid = child, Status = "Running" }), FrameKind.ForkChild, payload =>
            Assert.True(ForkChild.TryDecode(payload, out var state) && state == new ForkChild { Uuid = child, Status = "Running" }));
        await TellAsync(new GuestNews.NoTemplate(7, 16), FrameKind.TemplateDone, payload =>
            Assert.True(TemplateOutcome.TryDecode(payload, out var outcome) && outcome == new TemplateOutcome { Ticket = 7, Errno = 16 }));

        async Task TellAsync(GuestNews news, FrameKind expected, Action<byte[]> check)
        {
            Assert.True((await played.Machine.TellAsync(news, default)).IsSuccess);
            var (kind, payload) = await played.HearFrameAsync();
            Assert.Equal(expected, kind);
            check(payload);
        }
    }

    [Theory]
    [InlineData(1500, 1500u)]
    [InlineData(-1, 0u)]
    [InlineData(1e12, uint.MaxValue)]
    public async Task How_long_until_it_sleeps_is_told_in_milliseconds_that_there_are(double milliseconds, uint told)
    {
        await using var played = await PlayedMachine.StartAsync();
        Assert.True((await played.Machine.TellAsync(new GuestNews.SleepComing(TimeSpan.FromMilliseconds(milliseconds)), default)).IsSuccess);
        var (kind, payload) = await played.HearFrameAsync();
        Assert.Equal((FrameKind.SleepNotice, told), (kind, BitConverter.ToUInt32(payload)));
    }

    [Fact]
    public async Task A_guest_that_is_gone_is_an_error()
    {
        await using var played = await PlayedMachine.StartAsync();
        played.End();
        await played.HistoryAsync();
        Assert.NotNull((await played.Machine.TellAsync(new GuestNews.SleepComing(TimeSpan.Zero), default)).Error);
    }

    /// <summary>Nobody may wait for ever because something of a machine could not be taken away.</summary>
    [Fact]
    public async Task A_clean_up_that_fails_is_said_and_the_end_is_told_all_the_same()
    {
        await using var played = await PlayedMachine.StartAsync();
        played.CleanUpFailure = new IOException("read-only file system");
        var killing = played.Machine.KillAsync();
        await played.DieAsync();
        await killing;
        Assert.IsType<MachineEvent.Ended>(Assert.Single(await played.HistoryAsync()));
        Assert.Contains("read-only file system", Assert.Single(played.Log.Lines), StringComparison.Ordinal);
    }
}
