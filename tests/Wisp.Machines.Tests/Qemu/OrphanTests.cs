using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Wisp.Machines.Qemu;
using Wisp.Machines.Tests.Support;
using Wisp.Tools;

namespace Wisp.Machines.Tests.Qemu;

/// <summary>A VMM that an earlier wispd started and had no time to note, or that does not answer: it is ended, and nothing of it is left.</summary>
public sealed class OrphanTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();
    private readonly Guid _id = Guid.NewGuid();
    private readonly MachineFiles _files;

    public OrphanTests()
    {
        _files = new MachineFiles(_data.At(_id.ToString()));
        Directory.CreateDirectory(_files.Run);
    }

    [Fact]
    public async Task A_vmm_without_a_record_is_ended()
    {
        using var orphan = StartQemu(_id);
        using var other = StartQemu(Guid.NewGuid());
        Assert.Equal(ErrorCode.NotFound, (await Engine().AdoptAsync(_files.Directory, default)).Error!.Code);
        await orphan.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.False(other.HasExited);
        Assert.False(Directory.Exists(_files.Run));
        other.Kill();
    }

    [Fact]
    public async Task A_process_in_the_control_group_is_ended_whatever_it_calls_itself()
    {
        using var orphan = Process.Start("sleep", "infinity");
        Directory.CreateDirectory(_data.At($"cgroup/wisp/{_id}"));
        await File.WriteAllTextAsync(_data.At($"cgroup/wisp/{_id}/cgroup.procs"), $"0\n{orphan.Id}\n", TestContext.Current.CancellationToken);
        await MachineProcesses.EndAsync(Options(), _id, TimeProvider.System);
        await orphan.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Empty(MachineProcesses.Find(Options(), _id));
    }

    [Fact]
    public async Task A_vmm_that_does_not_answer_is_ended_with_its_memory()
    {
        using var deaf = Process.Start("sleep", "infinity");
        var memory = _data.At("memory");
        await File.WriteAllBytesAsync(memory, [], TestContext.Current.CancellationToken);
        var record = new MachineRecord
        {
            Id = _id, Pid = deaf.Id, StartTime = VmmProcess.Find(deaf.Id)!.StartTime, MemoryFile = memory, Guest = Specifications.Plain().Guest,
        };
        record.Write(_files.Record);
        Assert.Equal(ErrorCode.TimedOut, (await Engine().AdoptAsync(_files.Directory, default)).Error!.Code);
        await deaf.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.False(File.Exists(memory) || File.Exists(_files.Record));
    }

    [Fact]
    public async Task A_start_that_was_not_finished_leaves_no_memory()
    {
        var memory = _data.At("memory");
        await File.WriteAllBytesAsync(memory, [], TestContext.Current.CancellationToken);
        new MachineRecord { Id = _id, MemoryFile = memory, Guest = Specifications.Plain().Guest }.Write(_files.Record);
        using var orphan = StartQemu(_id);
        await Engine().RemoveAsync(_files.Directory);
        await orphan.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.False(File.Exists(memory) || File.Exists(_files.Record));
    }

    public void Dispose() => _data.Dispose();

    private QemuEngineOptions Options() => new() { CgroupRoot = _data.At("cgroup"), StartTimeout = TimeSpan.Zero };

    private QemuEngine Engine() => QemuEngine.ForAdoption(Options(), new ToolRunner(), TimeProvider.System, NullLoggerFactory.Instance);

    private Process StartQemu(Guid id)
    {
        if (!File.Exists(Options().Program))
        {
            Assert.Skip("QEMU is not installed.");
        }

        return Process.Start(Options().Program, ["-name", id.ToString(), "-M", "none", "-display", "none", "-S"]);
    }
}
