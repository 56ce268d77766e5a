using Wisp.GuestProtocol;
using Wisp.Machines.Tests.Support;
using Wisp.Snapshots.Memory;

namespace Wisp.Machines.Tests.Qemu;

/// <summary>Capturing a machine whose VMM and guest are played; its memory is that of a real process.</summary>
public sealed class CapturingTests : IDisposable
{
    private static readonly TimeSpan Hook = TimeSpan.FromSeconds(10), Grace = TimeSpan.FromSeconds(2);

    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task A_running_machine_is_prepared_stopped_copied_and_runs_on()
    {
        await using var played = await PlayedMachine.StartAsync();
        var capturing = played.Machine.CaptureAsync(Request(), default);
        await HearPrepareAsync(played);
        await played.SayAsync(FrameKind.Prepared, "");
        Assert.Equal(["stop", "add-fd", "xen-save-devices-state", "remove-fd"], await ObeyAsync(played, 4));
        await HearRunOnAsync(played);
        var capture = (await capturing).Value;
        Assert.Null(capture.Trouble);
        Assert.NotEmpty(capture.Extents);
        Assert.Equal(capture.BytesWhilePaused, new FileInfo(Request().MemoryPath).Length);
        Assert.Equal(capture.BytesWhilePaused, capture.Extents.Sum(extent => extent.Length));
        Assert.Equal((MachineState.Running, true), (played.Machine.State, File.Exists(Request().DevicesPath)));
    }

    [Theory]
    [InlineData(FrameKind.ForkRequest)]
    [InlineData(FrameKind.TemplateRequest)]
    public async Task What_the_guest_asked_before_it_was_prepared_is_known_when_it_is_captured(FrameKind kind)
    {
        await using var played = await PlayedMachine.StartAsync();
        var capturing = played.Machine.CaptureAsync(Request(), default);
        await HearPrepareAsync(played);
        Assert.False(played.Machine.HasAsked);
        await played.SayAsync(kind, NumberPayload.Encode(1u));
        await played.SayAsync(FrameKind.Prepared, "");
        await ObeyAsync(played, 4);
        await HearRunOnAsync(played);
        Assert.True((await capturing).IsSuccess);
        Assert.True(played.Machine.HasAsked);
    }

    [Fact]
    public async Task One_that_is_not_to_run_on_stays_as_it_was_captured()
    {
        await using var played = await PlayedMachine.StartAsync();
        var capturing = played.Machine.CaptureAsync(Request() with { PrepareTimeout = TimeSpan.Zero, RunOn = false }, default);
        await ObeyAsync(played, 4);
        Assert.Equal(Timeout.InfiniteTimeSpan, (await capturing).Value.Pause);
        Assert.Equal(MachineState.Paused, played.Machine.State);
    }

    [Fact]
    public async Task A_paused_machine_is_neither_prepared_nor_stopped()
    {
        await using var played = await PlayedMachine.StartAsync(MachineState.Paused);
        var capturing = played.Machine.CaptureAsync(Request() with { RunOn = false }, default);
        Assert.Equal(["add-fd", "xen-save-devices-state", "remove-fd"], await ObeyAsync(played, 3));
        Assert.True((await capturing).IsSuccess);
    }

    [Fact]
    public async Task A_guest_that_does_not_say_that_it_is_prepared_is_captured_all_the_same()
    {
        await using var played = await PlayedMachine.StartAsync();
        var capturing = played.Machine.CaptureAsync(Request(), default);
        await HearPrepareAsync(played);
        await played.Time.PassAsync(Hook + Grace);
        await ObeyAsync(played, 4);
        await HearRunOnAsync(played);
        Assert.Contains("did not say that it is prepared", (await capturing).Value.Trouble, StringComparison.Ordinal);
        Assert.Contains("did not say that it is prepared", Assert.Single(played.Log.Lines), StringComparison.Ordinal);
    }

    /// <summary>A guest is trusted with nothing: not with how much it says either.</summary>
    [Theory]
    [InlineData("before-snapshot exited with 3", "before-snapshot exited with 3")]
    [InlineData("long", null)]
    public async Task Trouble_with_a_hook_is_passed_on(string said, string? heard)
    {
        await using var played = await PlayedMachine.StartAsync();
        var capturing = played.Machine.CaptureAsync(Request(), default);
        await HearPrepareAsync(played);
        await played.SayAsync(FrameKind.Prepared, said == "long" ? new string('x', 60_000) : said);
        await ObeyAsync(played, 4);
        await HearRunOnAsync(played);
        Assert.Equal(heard ?? new string('x', 1024), (await capturing).Value.Trouble);
    }

    [Fact]
    public async Task Where_writes_cannot_be_watched_all_is_copied_while_it_stands_still()
    {
        await using var played = await PlayedMachine.StartAsync();
        var capturing = played.Machine.CaptureAsync(Request() with { PrepareTimeout = TimeSpan.Zero, Precopy = true, RunOn = false }, default);
        Assert.Equal("object-add", await played.RefuseAsync("Invalid argument"));
        await ObeyAsync(played, 4);
        Assert.NotEmpty((await capturing).Value.Extents);
        Assert.Contains("cannot be watched", Assert.Single(played.Log.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stop", 0)]
    [InlineData("add-fd", 1)]
    [InlineData("xen-save-devices-state", 2)]
    public async Task Whatever_the_vmm_refuses_a_running_machine_runs_on(string command, int obeyed)
    {
        await using var played = await PlayedMachine.StartAsync();
        var capturing = played.Machine.CaptureAsync(Request() with { PrepareTimeout = TimeSpan.Zero }, default);
        await ObeyAsync(played, obeyed);
        Assert.Equal(command, await played.RefuseAsync("No."));
        if (command != "stop")
        {
            Assert.Equal("remove-fd", await played.ObeyAsync());
        }

        await HearRunOnAsync(played);
        Assert.Contains("No.", (await capturing).Error!.Message, StringComparison.Ordinal);
        Assert.Equal(MachineState.Running, played.Machine.State);
    }

    [Theory]
    [InlineData(MachineState.Running)]
    [InlineData(MachineState.Paused)]
    public async Task On_a_full_disk_a_machine_is_left_as_it_was(MachineState state)
    {
        await using var disk = await TinyDisk.MountAsync(4);
        await using var played = await PlayedMachine.StartAsync(state);
        var request = Request() with { PrepareTimeout = TimeSpan.Zero, MemoryPath = disk.At("memory"), DevicesPath = disk.At("devices") };
        var capturing = played.Machine.CaptureAsync(request, default);
        if (state == MachineState.Running)
        {
            Assert.Equal("stop", await played.ObeyAsync());
            await HearRunOnAsync(played);
        }

        var error = (await capturing).Error!;
        Assert.Equal(("disk-full", $"See that the disk has room: df -h {disk.Path}"), (error.Help, error.NextStep));
        Assert.Contains(disk.At("memory"), error.Message, StringComparison.Ordinal);
        Assert.Equal(state, played.Machine.State);
    }

    [Fact]
    public async Task A_place_that_is_not_there_is_named()
    {
        await using var played = await PlayedMachine.StartAsync(MachineState.Paused);
        var error = (await played.Machine.CaptureAsync(Request() with { MemoryPath = _directory.At("no/such/memory") }, default)).Error!;
        Assert.Contains(_directory.At("no/such/memory"), error.Message, StringComparison.Ordinal);
        Assert.Null(error.Help);
    }

    /// <summary>What a guest holds back for the capture it would hold back for ever.</summary>
    [Fact]
    public async Task Giving_up_while_the_guest_prepares_tells_it_that_it_runs_on()
    {
        await using var played = await PlayedMachine.StartAsync();
        using var cancellation = new CancellationTokenSource();
        var capturing = played.Machine.CaptureAsync(Request(), cancellation.Token);
        await HearPrepareAsync(played);
        await cancellation.CancelAsync();
        await HearRunOnAsync(played);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => capturing);
    }

    [Fact]
    public async Task Giving_up_while_it_stands_still_has_it_run_on()
    {
        await using var played = await PlayedMachine.StartAsync();
        using var cancellation = new CancellationTokenSource();
        var capturing = played.Machine.CaptureAsync(Request() with { PrepareTimeout = TimeSpan.Zero }, cancellation.Token);
        Assert.Equal(["stop", "add-fd"], await ObeyAsync(played, 2));
        Assert.Contains("xen-save-devices-state", await played.Vmm.HearLineAsync(), StringComparison.Ordinal);
        await cancellation.CancelAsync();
        Assert.Equal("remove-fd", await played.ObeyAsync());
        await HearRunOnAsync(played);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => capturing);
        Assert.Equal(MachineState.Running, played.Machine.State);
    }

    [Fact]
    public async Task A_machine_that_ends_while_it_prepares_is_not_waited_for()
    {
        await using var played = await PlayedMachine.StartAsync();
        var capturing = played.Machine.CaptureAsync(Request(), default);
        await HearPrepareAsync(played);
        played.End();
        Assert.Contains("does not run any more", (await capturing).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_is_gone_is_not_captured()
    {
        await using var played = await PlayedMachine.StartAsync();
        played.End();
        await played.HistoryAsync();
        Assert.NotNull((await played.Machine.CaptureAsync(Request(), default)).Error);
        Assert.False(File.Exists(Request().MemoryPath));
    }

    [Fact]
    public async Task Memory_is_not_laid_onto_other_files_under_a_machine_that_runs()
    {
        await using var played = await PlayedMachine.StartAsync();
        Assert.Equal(ErrorCode.WrongState, (await played.Machine.RebaseAsync(MachineMemory.Empty, default)).Error!.Code);
    }

    [Fact]
    public async Task More_layers_than_can_be_mapped_are_refused()
    {
        await using var played = await PlayedMachine.StartAsync(MachineState.Paused);
        var layers = Enumerable.Repeat(new MemoryLayer("/none", []), Wisp.Machines.Qemu.Attachment.MostLayers + 1).ToArray();
        Assert.Equal(ErrorCode.TooMany, (await played.Machine.RebaseAsync(new MachineMemory(layers, 0), default)).Error!.Code);
    }

    /// <summary>The guest runs on, and what is on disk would do, too.</summary>
    [Fact]
    public async Task What_is_kept_is_known_though_it_cannot_be_written_down()
    {
        await using var played = await PlayedMachine.StartAsync(MachineState.Paused);
        Directory.CreateDirectory(played.Files.Record);
        var memory = new MachineMemory([new MemoryLayer("/snapshots/x/memory", [])], 1);
        played.Machine.Keep(memory);
        Assert.Same(memory, played.Machine.Memory);
        Assert.Contains("cannot be renewed", Assert.Single(played.Log.Lines), StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private CaptureRequest Request() => new() { MemoryPath = _directory.At("memory"), DevicesPath = _directory.At("devices"), PrepareTimeout = Hook, RunOn = true };

    private static async Task HearPrepareAsync(PlayedMachine played)
    {
        var (kind, payload) = await played.HearFrameAsync();
        Assert.Equal((FrameKind.Prepare, (uint)Hook.TotalMilliseconds), (kind, BitConverter.ToUInt32(payload)));
    }

    private static async Task<List<string>> ObeyAsync(PlayedMachine played, int count)
    {
        var commands = new List<string>();
        while (commands.Count < count)
        {
            commands.Add(await played.ObeyAsync());
        }

        return commands;
    }

    private static async Task HearRunOnAsync(PlayedMachine played)
    {
        Assert.Equal(FrameKind.Resumed, (await played.HearFrameAsync()).Kind);
        Assert.Equal("cont", await played.ObeyAsync());
    }
}
