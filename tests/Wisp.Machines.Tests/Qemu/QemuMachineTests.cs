using Wisp.GuestProtocol;
using Wisp.Machines.Agent;
using Wisp.Machines.Tests.Support;

namespace Wisp.Machines.Tests.Qemu;

/// <summary>What a machine makes of what its VMM and its guest say.</summary>
public sealed class QemuMachineTests
{
    private const string Running = """{"phase":"Running","open_ports":[8080,22],"boot_microseconds":1500000}""";

    [Fact]
    public async Task A_guest_that_waits_is_told_what_to_run_and_what_time_it_is()
    {
        await using var played = await PlayedMachine.StartAsync();
        await played.SayAsync(FrameKind.Status, """{"phase":"Waiting"}""");
        var (kind, payload) = await played.HearFrameAsync();
        Assert.Equal(FrameKind.Configure, kind);
        Assert.True(GuestConfiguration.TryDecode(payload, out var configuration));
        Assert.Equal(["/bin/app"], configuration.Argv);
        Assert.Equal(played.Time.GetUtcNow().ToUnixTimeSeconds() * 1_000_000_000, configuration.UnixNanoseconds);
    }

    [Fact]
    public async Task What_runs_and_listens_is_told_once_and_only_what_was_asked_for()
    {
        await using var played = await PlayedMachine.StartAsync();
        await played.SayAsync(FrameKind.Status, Running);
        await played.Guest.SayAsync(AgentFrame.Encode(FrameKind.PortOpen, [0x90, 0x1F]));
        await played.SayAsync(FrameKind.Status, Running);
        played.End();
        Assert.Equal(
            [new MachineEvent.EntrypointStarted(TimeSpan.FromSeconds(1.5)), new MachineEvent.PortOpened(8080)],
            (await played.HistoryAsync()).SkipLast(1));
    }

    [Fact]
    public async Task A_port_on_loopback_is_told_once_and_may_open_later()
    {
        await using var played = await PlayedMachine.StartAsync();
        for (var i = 0; i < 2; i++)
        {
            await played.SayAsync(FrameKind.Status, """{"phase":"Running","loopback_only_ports":[8080,9]}""");
        }

        await played.Guest.SayAsync(AgentFrame.Encode(FrameKind.PortOpen, [0x90, 0x1F]));
        played.End();
        Assert.Equal([new MachineEvent.PortOnLoopbackOnly(8080), new MachineEvent.PortOpened(8080)], (await played.HistoryAsync())[1..^1]);
    }

    [Theory]
    [InlineData("""{"exit_code":3}""", MachineExitCause.ApplicationExited, 3, null)]
    [InlineData("""{"exit_code":143,"signal":15}""", MachineExitCause.ApplicationExited, 143, null)]
    [InlineData("""{"exit_code":127,"start_failure":"not found"}""", MachineExitCause.ApplicationExited, 127, "not found")]
    [InlineData("""{"exit_code":137,"signal":9,"out_of_memory":true}""", MachineExitCause.OutOfMemory, 137, null)]
    public async Task An_exit_is_acknowledged_by_power_off_and_told_apart(string exit, MachineExitCause cause, int code, string? detail)
    {
        await using var played = await PlayedMachine.StartAsync();
        await played.SayAsync(FrameKind.Exited, exit);
        Assert.Equal(FrameKind.PowerOff, (await played.HearFrameAsync()).Kind);
        played.End();
        Assert.Equal(new MachineEvent.Ended(new MachineExit(cause, code, detail)), Assert.Single(await played.HistoryAsync()));
        Assert.Equal((MachineState.Exited, 1), (played.Machine.State, played.CleanedUp));
    }

    [Fact]
    public async Task A_guest_that_does_not_power_off_is_ended()
    {
        await using var played = await PlayedMachine.StartAsync();
        await played.SayAsync(FrameKind.Exited, """{"exit_code":0}""");
        await played.HearFrameAsync();
        // The timer is set a moment after the guest was told.
        while (played.IsAlive)
        {
            played.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await played.DieAsync();
        Assert.Equal(MachineExitCause.ApplicationExited, Assert.IsType<MachineEvent.Ended>((await played.HistoryAsync())[^1]).Exit.Cause);
    }

    [Fact]
    public async Task A_machine_that_is_killed_says_so()
    {
        await using var played = await PlayedMachine.StartAsync();
        var killing = played.Machine.KillAsync();
        await played.DieAsync();
        await killing;
        Assert.Equal([new MachineEvent.Ended(new MachineExit(MachineExitCause.Killed, null, null))], await played.HistoryAsync());
        Assert.Null(played.Machine.ReadUsage());
    }

    [Fact]
    public async Task A_kernel_that_crashed_is_told_by_its_panic()
    {
        await using var played = await PlayedMachine.StartAsync();
        await File.WriteAllTextAsync(played.Files.Vmm.KernelLog, "Kernel panic - not syncing: Attempted to kill init!\nreboot: Restarting\n");
        await played.Vmm.SayAsync("{\"event\":\"SHUTDOWN\",\"data\":{\"guest\":true,\"reason\":\"guest-reset\"}}\n");
        played.End();
        var exit = Assert.IsType<MachineEvent.Ended>(Assert.Single(await played.HistoryAsync())).Exit;
        Assert.Equal((MachineExitCause.KernelCrashed, "Kernel panic - not syncing: Attempted to kill init!"), (exit.Cause, exit.Detail));
    }

    [Fact]
    public async Task A_vmm_that_died_is_told_by_its_last_words()
    {
        await using var played = await PlayedMachine.StartAsync();
        await File.WriteAllTextAsync(played.Files.Vmm.Log, "qemu: fatal: bad ram pointer\n");
        played.End();
        var exit = Assert.IsType<MachineEvent.Ended>(Assert.Single(await played.HistoryAsync())).Exit;
        Assert.Equal(MachineExitCause.VmmDied, exit.Cause);
        Assert.Contains("bad ram pointer", exit.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pausing_and_resuming_is_told_to_the_vmm_and_the_time_to_the_guest_before()
    {
        await using var played = await PlayedMachine.StartAsync();
        var pausing = played.Machine.PauseAsync(default);
        Assert.Equal("stop", await played.ObeyAsync());
        Assert.True((await pausing).IsSuccess);
        Assert.Equal(MachineState.Paused, played.Machine.State);
        Assert.True((await played.Machine.PauseAsync(default)).IsSuccess);

        var resuming = played.Machine.ResumeAsync(default);
        var (kind, payload) = await played.HearFrameAsync();
        Assert.Equal(FrameKind.Resumed, kind);
        Assert.True(ResumeNotice.TryDecode(payload, out var notice));
        Assert.Equal(played.Time.GetUtcNow().ToUnixTimeSeconds() * 1_000_000_000, notice.UnixNanoseconds);
        Assert.Equal("cont", await played.ObeyAsync());
        Assert.True((await resuming).IsSuccess);
        Assert.Equal(MachineState.Running, played.Machine.State);
        Assert.True((await played.Machine.ResumeAsync(default)).IsSuccess);
    }

    [Fact]
    public async Task A_guest_whose_agent_is_dead_wakes_all_the_same()
    {
        await using var played = await PlayedMachine.StartAsync(MachineState.Paused);
        played.Guest.Theirs.Dispose();
        var resuming = played.Machine.ResumeAsync(default);
        Assert.Equal("cont", await played.ObeyAsync());
        Assert.True((await resuming).IsSuccess);
    }

    [Fact]
    public async Task A_guest_that_says_for_ever_that_it_waits_is_told_once()
    {
        await using var played = await PlayedMachine.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await played.SayAsync(FrameKind.Status, """{"phase":"Waiting"}""");
        }

        await played.SayAsync(FrameKind.Exited, """{"exit_code":0}""");
        Assert.Equal(
            [FrameKind.Configure, FrameKind.PowerOff], [(await played.HearFrameAsync()).Kind, (await played.HearFrameAsync()).Kind]);
    }

    [Fact]
    public async Task A_guest_that_does_not_read_wakes_all_the_same()
    {
        await using var played = await PlayedMachine.StartAsync(MachineState.Paused);
        var signals = new List<Task<Result>>();
        do
        {
            signals.Add(played.Machine.SignalAsync(10, default));
        }
        while (signals[^1].IsCompleted);

        var resuming = played.Machine.ResumeAsync(default);
        var obeying = played.ObeyAsync();
        Assert.False(obeying.IsCompleted);
        played.Time.Advance(AgentConnection.SendTimeout);
        Assert.Equal("cont", await obeying);
        Assert.True((await resuming).IsSuccess);
        Assert.Equal(ErrorCode.TimedOut, (await signals[^1]).Error!.Code);
    }

    [Fact]
    public async Task A_guest_that_does_not_read_is_killed_all_the_same()
    {
        await using var played = await PlayedMachine.StartAsync();
        var signals = new List<Task<Result>>();
        do
        {
            signals.Add(played.Machine.SignalAsync(10, default));
        }
        while (signals[^1].IsCompleted);

        var killing = played.Machine.KillAsync();
        await played.DieAsync();
        await killing;
        Assert.Equal(MachineState.Exited, played.Machine.State);
    }

    [Fact]
    public async Task A_signal_goes_to_the_guest()
    {
        await using var played = await PlayedMachine.StartAsync();
        Assert.True((await played.Machine.SignalAsync(15, default)).IsSuccess);
        Assert.Equal((FrameKind.Signal, 15), (await played.HearFrameAsync()) is var (kind, payload) ? (kind, BitConverter.ToInt32(payload)) : default);
    }

    [Theory]
    [InlineData(FrameKind.Status, "")]
    [InlineData(FrameKind.Status, "{")]
    [InlineData(FrameKind.Status, "null")]
    [InlineData(FrameKind.Status, "[]")]
    [InlineData(FrameKind.Status, """{"phase":77,"boot_microseconds":9223372036854775807}""")]
    [InlineData(FrameKind.Status, """{"phase":"Running","boot_microseconds":-9223372036854775808}""")]
    [InlineData(FrameKind.Exited, "null")]
    [InlineData(FrameKind.Exited, "{}")]
    [InlineData(FrameKind.PortOpen, "1")]
    [InlineData(FrameKind.Configure, "{}")]
    [InlineData((FrameKind)200, "x")]
    public async Task Whatever_a_guest_says_the_machine_goes_on(FrameKind kind, string payload)
    {
        await using var played = await PlayedMachine.StartAsync();
        await played.SayAsync(kind, payload);
        await played.SayAsync(FrameKind.Exited, """{"exit_code":5}""");
        Assert.Equal(FrameKind.PowerOff, (await played.HearFrameAsync()).Kind);
        played.End();
        Assert.Equal(5, Assert.IsType<MachineEvent.Ended>((await played.HistoryAsync())[^1]).Exit.ExitCode);
    }

    /// <summary>Else it would fill the host's disk.</summary>
    [Fact]
    public async Task A_guest_that_talks_nonsense_for_ever_is_mentioned_once()
    {
        await using var played = await PlayedMachine.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await played.SayAsync((FrameKind)200, "x");
            await played.SayAsync(FrameKind.Status, "{");
        }

        played.End();
        await played.HistoryAsync();
        Assert.Single(played.Log.Lines);
    }

    [Fact]
    public async Task Letting_go_leaves_the_process_alone()
    {
        await using var played = await PlayedMachine.StartAsync();
        await played.Machine.DisposeAsync();
        Assert.Empty(await played.HistoryAsync());
        Assert.Equal((0, true), (played.CleanedUp, Directory.Exists($"/proc/{played.Machine.ProcessId}")));
    }
}
