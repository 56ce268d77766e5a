using System.Diagnostics;
using Wisp.Machines.Qemu;
using Wisp.Machines.Qemu.Vmms;
using Wisp.Machines.Tests.Support;
using Wisp.Tools;

namespace Wisp.Machines.Tests.Qemu.Vmms;

/// <summary>A VMM that an earlier wispd started and had no time to note, or that does not answer: it is ended, and nothing of it is left.</summary>
public sealed class OrphanTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();
    private readonly Guid _id = Guid.NewGuid();
    private readonly MachineFiles _files;

    public OrphanTests()
    {
        _files = new MachineFiles(_data.At("machine"));
        Directory.CreateDirectory(_files.Vmm.Run);
    }

    /// <summary>Only the machine's record leads to it.</summary>
    [Fact]
    public async Task A_vmm_without_a_record_is_ended()
    {
        using var orphan = StartQemu(_id);
        using var other = StartQemu(Guid.NewGuid());
        WriteMachine();
        Assert.Equal(ErrorCode.NotFound, (await (await EngineAsync()).AdoptAsync(_files.Directory, default)).Error!.Code);
        await orphan.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.False(other.HasExited);
        Assert.False(Directory.Exists(_files.Vmm.Run) || File.Exists(_files.Record));
        other.Kill();
    }

    [Fact]
    public async Task A_process_in_the_control_group_is_ended_whatever_it_calls_itself()
    {
        using var orphan = Process.Start("sleep", "infinity");
        Directory.CreateDirectory(_data.At($"cgroup/wisp/{_id}"));
        await File.WriteAllTextAsync(_data.At($"cgroup/wisp/{_id}/cgroup.procs"), $"0\n{orphan.Id}\n", TestContext.Current.CancellationToken);
        await VmmProcesses.EndAsync(Options(), _id, TimeProvider.System);
        await orphan.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Empty(VmmProcesses.Find(Options(), _id));
    }

    [Fact]
    public async Task A_vmm_that_does_not_answer_is_ended()
    {
        using var deaf = Process.Start("sleep", "infinity");
        WriteMachine();
        new VmmRecord { Id = _id, UserId = 1, Pid = deaf.Id, StartTime = VmmProcess.Find(deaf.Id)!.StartTime }.Write(_files.Vmm.Record);
        Assert.Equal(ErrorCode.TimedOut, (await (await EngineAsync()).AdoptAsync(_files.Directory, default)).Error!.Code);
        await deaf.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.False(File.Exists(_files.Record) || File.Exists(_files.Vmm.Record));
    }

    /// <summary>Without machine.json no guest has run: there is nothing to take over.</summary>
    [Fact]
    public async Task A_vmm_that_was_given_to_a_machine_and_not_yet_lit_is_ended()
    {
        using var orphan = StartQemu(_id);
        new VmmRecord { Id = _id, UserId = 1, Pid = orphan.Id, StartTime = VmmProcess.Find(orphan.Id)!.StartTime }.Write(_files.Vmm.Record);
        Assert.Equal(ErrorCode.NotFound, (await (await EngineAsync()).AdoptAsync(_files.Directory, default)).Error!.Code);
        await orphan.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.False(Directory.Exists(_files.Vmm.Run) || File.Exists(_files.Vmm.Record));
    }

    /// <summary>The record of a VMM is there before its process id is known.</summary>
    [Fact]
    public async Task A_start_that_was_not_finished_is_undone()
    {
        var blank = new VmmFiles(Path.Combine(Options().VmmDirectory, _id.ToString()));
        Directory.CreateDirectory(blank.Run);
        new VmmRecord { Id = _id, UserId = 1 }.Write(blank.Record);
        using var orphan = StartQemu(_id);
        await EngineAsync();
        await orphan.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Options().VmmDirectory));
    }

    [Fact]
    public async Task One_whose_vmm_has_died_meanwhile_is_told_with_its_last_words()
    {
        WriteMachine();
        new VmmRecord { Id = _id, UserId = 1, Pid = int.MaxValue, StartTime = 1 }.Write(_files.Vmm.Record);
        await File.WriteAllTextAsync(_files.Vmm.Log, "qemu: fatal: bad ram pointer\n", TestContext.Current.CancellationToken);
        var error = (await (await EngineAsync()).AdoptAsync(_files.Directory, default)).Error!;
        Assert.Equal(ErrorCode.NotFound, error.Code);
        Assert.Contains("bad ram pointer", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_files.Record));
    }

    public void Dispose() => _data.Dispose();

    private QemuEngineOptions Options() => new() { VmmDirectory = _data.At("vmms"), FirstUserId = 1, CgroupRoot = _data.At("cgroup"), StartTimeout = TimeSpan.Zero };

    private Task<QemuEngine> EngineAsync() => QemuEngine.ForAdoptionAsync(Options(), new ToolRunner(), TimeProvider.System, new HeardLog());

    private void WriteMachine() =>
        new MachineRecord { Id = Guid.NewGuid(), Vmm = _id, Guest = Specifications.Plain().Guest }.Write(_files.Record, durable: false);

    private Process StartQemu(Guid id)
    {
        if (!File.Exists(Options().Program))
        {
            Assert.Skip("QEMU is not installed.");
        }

        return Process.Start(Options().Program, ["-name", id.ToString(), "-M", "none", "-display", "none", "-S"]);
    }
}
