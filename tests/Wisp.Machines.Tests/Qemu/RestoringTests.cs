using Wisp.GuestProtocol;
using Wisp.Machines.Qemu;
using Wisp.Machines.Tests.Support;
using Wisp.Snapshots.Memory;

namespace Wisp.Machines.Tests.Qemu;

/// <summary>
/// The path from a blank to a machine, with real VMMs and a device state that one of them has saved; its guest is a processor that has just
/// been reset. Whatever fails: it is said in words, nothing is left, and the next one works.
/// </summary>
public sealed class RestoringTests : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    private VmmLab _lab = null!;
    private QemuEngine _engine = null!;
    private string _devices = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private MachineFiles Files => new(_lab.At("machine"));

    public ValueTask InitializeAsync() => InitializeAsync(null, 0);

    [Fact]
    public async Task A_machine_goes_on_over_its_layers()
    {
        var layer = new MemoryLayer(_lab.WritePages("layer", 1, 2), [new MemoryExtent(4096, 8192, 0)]);
        await using var machine = (await RestoreAsync(new MachineMemory([layer], 1))).Value;
        Assert.Equal(MachineState.Running, machine.State);
        Assert.True((await machine.PauseAsync(Cancellation)).IsSuccess);
        var record = MachineRecord.Read(Files.Record)!;
        Assert.Null(record.Notice);
        Assert.Equal([_lab.Root], record.Kept);
        using var ram = new Wisp.Machines.Qemu.Memory.VmmMemory(machine.ProcessId, record.MemoryAddress, record.MemoryBytes);
        var bytes = new byte[3 * 4096];
        ram.Read(0, bytes);
        Assert.Equal([1, 2], bytes.Chunk(4096).Skip(1).Select(page => Assert.Single(page.Distinct())));
        await machine.KillAsync();
        AssertNothingLeft();
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("garbage")]
    [InlineData("truncated")]
    [InlineData("another")]
    public async Task A_device_state_that_is_none_is_refused_by_name(string kind)
    {
        var good = await File.ReadAllBytesAsync(_devices, Cancellation);
        var bad = _lab.At("bad");
        await File.WriteAllBytesAsync(
            bad,
            kind switch
            {
                "empty" => [],
                "garbage" => [.. Enumerable.Repeat((byte)0x55, 10_000)],
                "truncated" => good[..(good.Length / 2)],
                // A device that this machine does not have.
                _ => System.Text.Encoding.Latin1.GetBytes(System.Text.Encoding.Latin1.GetString(good).Replace("virtio-rng", "virtio-xyz", StringComparison.Ordinal)),
            },
            Cancellation);
        var error = (await RestoreAsync(MachineMemory.Empty, bad)).Error!;
        Assert.Equal("snapshot-incompatible", error.Help);
        Assert.Contains(bad, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("did not say why", error.Message, StringComparison.Ordinal);
        await AssertNextOneWorksAsync();
    }

    [Theory]
    [InlineData("layer")]
    [InlineData("devices")]
    [InlineData("root")]
    [InlineData("tap")]
    public async Task What_is_missing_is_named(string what)
    {
        var layer = new MemoryLayer(what == "layer" ? _lab.At("gone") : _lab.WritePages("layer", 1), [new MemoryExtent(0, 4096, 0)]);
        var specification = Specification() with
        {
            RootFilesystem = what == "root" ? _lab.At("gone") : Specification().RootFilesystem,
            Interface = what == "tap" ? new MachineInterface("wisp-gone", "12:b0:0a:40:00:02") : null,
        };
        var restored = await _engine.RestoreAsync(specification, Restore(new MachineMemory([layer], 1), what == "devices" ? _lab.At("gone") : _devices), Cancellation);
        Assert.Contains(what == "tap" ? "there is no tap wisp-gone" : _lab.At("gone"), restored.Error!.Message, StringComparison.Ordinal);
        Assert.NotEqual("disk-full", restored.Error.Help);
        await AssertNextOneWorksAsync();
    }

    [Fact]
    public async Task More_layers_than_can_be_mapped_are_refused_before_anything_is_started()
    {
        var layers = Enumerable.Repeat(new MemoryLayer("/none", []), Attachment.MostLayers + 1).ToArray();
        Assert.Equal(ErrorCode.TooMany, (await RestoreAsync(new MachineMemory(layers, 0))).Error!.Code);
        AssertNothingLeft();
    }

    [Fact]
    public async Task A_vmm_that_dies_while_it_is_given_its_guest_is_told()
    {
        var restored = await RestoreAsync(MachineMemory.Empty, beforeRun: () => KillVmm());
        Assert.Equal("vmm-start", restored.Error!.Help);
        await AssertNextOneWorksAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Giving_up_leaves_nothing(bool atOnce)
    {
        using var cancellation = new CancellationTokenSource();
        if (atOnce)
        {
            // With a blank that waits, so that it is this one that must not be left.
            _engine.Expect(96, 1);
            await cancellation.CancelAsync();
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _engine.RestoreAsync(
            Specification(), Restore(MachineMemory.Empty, _devices, () => cancellation.Cancel()), cancellation.Token));
        await AssertNextOneWorksAsync();
    }

    /// <summary>It runs by then and is a machine, which takes itself away; and only once: another may be in its place already.</summary>
    [Fact]
    public async Task Giving_up_while_a_clone_learns_who_it_is_ends_it()
    {
        using var cancellation = new CancellationTokenSource();
        await _engine.DisposeAsync();
        _engine = await _lab.NewEngineAsync(time: new HeardWait(TimeSpan.FromSeconds(5), cancellation.Cancel));
        var restore = Restore(MachineMemory.Empty, _devices) with { Notice = new GuestRestore { Identity = new GuestIdentity { Hostname = "clone" } } };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _engine.RestoreAsync(Specification(), restore, cancellation.Token));
        await AssertNextOneWorksAsync();
    }

    [Fact]
    public async Task A_mistake_on_the_way_leaves_no_vmm()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => RestoreAsync(MachineMemory.Empty, beforeRun: () => throw new InvalidOperationException("A mistake.")));
        await AssertNextOneWorksAsync();
    }

    /// <summary>Without its record on disk a guest that runs would be nobody's after a crash.</summary>
    [Fact]
    public async Task No_guest_runs_whose_record_cannot_be_written()
    {
        await DisposeAsync();
        await using var disk = await TinyDisk.MountAsync(4096);
        await InitializeAsync(disk.Path, 1);
        _engine.Expect(96, 1);
        await _lab.Log.HearAsync("is ready");
        Specification();
        disk.Fill();
        var ran = false;
        var error = (await RestoreAsync(MachineMemory.Empty, beforeRun: () => ran = true)).Error!;
        Assert.Equal(("disk-full", false), (error.Help, ran));
        File.Delete(disk.At("filler"));
        await AssertNextOneWorksAsync(blanks: 1);
        await DisposeAsync();
        await InitializeAsync();
    }

    /// <summary>What it was woken from is past by then: it must not be ended for that.</summary>
    [Fact]
    public async Task A_guest_that_runs_stays_though_its_record_cannot_be_renewed()
    {
        await DisposeAsync();
        await using var disk = await TinyDisk.MountAsync(4096);
        await InitializeAsync(disk.Path, 0);
        await using (var machine = (await RestoreAsync(MachineMemory.Empty, beforeRun: disk.Fill)).Value)
        {
            Assert.Equal(MachineState.Running, machine.State);
            Assert.Contains(_lab.Log.Lines, line => line.Contains("cannot be renewed", StringComparison.Ordinal));
            await machine.KillAsync();
        }

        AssertNothingLeft();
        await DisposeAsync();
        await InitializeAsync();
    }

    [Fact]
    public async Task One_that_was_let_go_asleep_or_awake_is_adopted_as_it_is()
    {
        foreach (var paused in (bool[])[true, false])
        {
            await LetGoAsync(paused, null);
            await using var machine = (await _engine.AdoptAsync(Files.Directory, Cancellation)).Value;
            Assert.Equal(paused ? MachineState.Paused : MachineState.Running, machine.State);
            await machine.KillAsync();
            AssertNothingLeft();
        }
    }

    /// <summary>Its wispd died between the record and the first instruction.</summary>
    [Fact]
    public async Task One_that_was_just_about_to_run_does_so_when_it_is_adopted()
    {
        await LetGoAsync(paused: true, new GuestRestore { WatchedPorts = [8080] });
        await using var machine = (await _engine.AdoptAsync(Files.Directory, Cancellation)).Value;
        Assert.Equal(MachineState.Running, machine.State);
        Assert.Null(MachineRecord.Read(Files.Record)!.Notice);
        await machine.KillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _engine.RemoveAsync(Files.Directory);
        await _lab.DisposeAsync();
    }

    private async ValueTask InitializeAsync(string? directory, int blanks)
    {
        // One user: what is not given back is missed at once.
        _lab = new VmmLab(directory, users: 1);
        _devices = _lab.At("devices");
        var vmm = await _lab.StartAsync();
        using (var file = File.OpenHandle(_devices, FileMode.CreateNew, FileAccess.Write))
        {
            Assert.Null((await vmm.Connection.Qmp.ExecuteAsync("add-fd", """{"fdset-id":1}""", file, Timeout, Cancellation)).Error?.ToString());
            Assert.Null((await vmm.Connection.Qmp.ExecuteAsync("xen-save-devices-state", """{"filename":"/dev/fdset/1","live":false}""", Timeout, Cancellation)).Error?.ToString());
        }

        await _lab.Host.DiscardAsync(vmm);
        _engine = await _lab.NewEngineAsync(blanks);
    }

    private MachineSpecification Specification() => Specifications.Plain(Files.Directory) with
    {
        MemoryMib = 96, Vcpus = 1, RootFilesystem = File.Exists(_lab.At("root")) ? _lab.At("root") : _lab.WritePages("root", 1),
    };

    private static MachineRestore Restore(MachineMemory memory, string devices, Action? beforeRun = null) =>
        new() { Memory = memory, DevicesPath = devices, Notice = new GuestRestore(), BeforeRun = beforeRun };

    private Task<Result<IMachine>> RestoreAsync(MachineMemory memory, string? devices = null, Action? beforeRun = null) =>
        _engine.RestoreAsync(Specification(), Restore(memory, devices ?? _devices, beforeRun), Cancellation);

    // Afterwards there is another wispd.
    private async Task LetGoAsync(bool paused, GuestRestore? notice)
    {
        await using var machine = (await RestoreAsync(MachineMemory.Empty)).Value;
        if (paused)
        {
            Assert.True((await machine.PauseAsync(Cancellation)).IsSuccess);
        }

        (MachineRecord.Read(Files.Record)! with { Notice = notice }).Write(Files.Record, durable: false);
        await _engine.DisposeAsync();
        _engine = await _lab.NewEngineAsync();
    }

    private void KillVmm()
    {
        var record = Wisp.Machines.Qemu.Vmms.VmmRecord.Read(Files.Vmm.Record)!;
        new Wisp.Machines.Qemu.Vmms.VmmProcess(record.Pid, record.StartTime).Kill();
    }

    // A pool may have a blank again, or be about to.
    private void AssertNothingLeft(int blanks = 0)
    {
        Assert.InRange(_lab.Running().Count, 0, blanks);
        Assert.InRange(Directory.EnumerateFileSystemEntries(_lab.Options.VmmDirectory).Count(), 0, blanks);
        Assert.False(File.Exists(Files.Record) || File.Exists(Files.Vmm.Record) || Directory.Exists(Files.Vmm.Run) || Directory.Exists(Files.Vmm.Root));
    }

    // The system's clock; says when somebody begins to wait for so long.
    private sealed class HeardWait(TimeSpan time, Action heard) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime == time)
            {
                heard();
            }

            return timer;
        }
    }

    // With the only user there is, after the pool has done what it was asked for.
    private async Task AssertNextOneWorksAsync(int blanks = 0)
    {
        AssertNothingLeft(blanks);
        await using var machine = (await RestoreAsync(MachineMemory.Empty)).Value;
        Assert.Equal(MachineState.Running, machine.State);
        await machine.KillAsync();
        AssertNothingLeft(blanks);
    }
}
