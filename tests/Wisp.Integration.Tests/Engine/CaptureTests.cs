using Wisp.Machines;

namespace Wisp.Integration.Tests.Engine;

/// <summary>What is captured goes on where it stood: as itself, as many others, again and again.</summary>
public sealed class CaptureTests(EngineLab lab) : IClassFixture<EngineLab>
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    public async Task A_clone_goes_on_where_its_source_stood_and_the_source_runs_on(bool precopy, int vcpus)
    {
        var (machine, source) = await lab.BootAsync(vcpus: vcpus);
        Assert.Equal("1", await EngineLab.GetAsync(source, "/count"));
        var (snapshot, capture) = await lab.CaptureAsync(machine, source, precopy);
        Assert.Null(capture.Trouble);
        Assert.Equal("2", await EngineLab.GetAsync(source, "/count"));
        var (_, first) = await lab.CloneAsync(snapshot);
        var (_, second) = await lab.CloneAsync(snapshot);
        Assert.Equal("2", await EngineLab.GetAsync(first, "/count"));
        Assert.Equal("3", await EngineLab.GetAsync(first, "/count"));
        Assert.Equal("2", await EngineLab.GetAsync(second, "/count"));
        Assert.Equal("3", await EngineLab.GetAsync(source, "/count"));
        TestContext.Current.TestOutputHelper?.WriteLine($"pause {capture.Pause.TotalMilliseconds} ms, {capture.BytesWhilePaused >> 10} KiB in it, {snapshot.OwnBytes >> 20} MiB, {capture.Extents.Count} extents");
    }

    [Fact]
    public async Task A_capture_of_a_clone_has_only_what_it_wrote_and_restores_over_its_base()
    {
        var (machine, source) = await lab.BootAsync();
        var (below, _) = await lab.CaptureAsync(machine, source);
        var (clone, specification) = await lab.CloneAsync(below);
        Assert.Equal("1", await EngineLab.GetAsync(specification, "/count"));
        var (above, capture) = await lab.CaptureAsync(clone, specification, precopy: true, below: below);
        Assert.InRange(above.OwnBytes, 1, below.OwnBytes / 2);
        Assert.Equal(2, above.Layers.Count);
        var (_, grandchild) = await lab.CloneAsync(above);
        Assert.Equal("2", await EngineLab.GetAsync(grandchild, "/count"));
        TestContext.Current.TestOutputHelper?.WriteLine($"base {below.OwnBytes >> 20} MiB, above {above.OwnBytes >> 20} MiB in {capture.Extents.Count} extents, pause {capture.Pause.TotalMilliseconds} ms with {capture.BytesWhilePaused >> 10} KiB");
    }

    [Fact]
    public async Task A_machine_laid_onto_its_own_capture_gives_its_memory_back_and_goes_on()
    {
        var (machine, source) = await lab.BootAsync();
        Assert.Equal("1", await EngineLab.GetAsync(source, "/count"));
        var (snapshot, _) = await lab.CaptureAsync(machine, source, runOn: false);
        var before = machine.ReadUsage()!.Value.ResidentBytes;
        var rebased = await machine.RebaseAsync(new MachineMemory(snapshot.Layers, snapshot.Layers.Count), default);
        Assert.Null(rebased.Error?.ToString());
        var after = machine.ReadUsage()!.Value.ResidentBytes;
        Assert.True((await machine.ResumeAsync(default)).IsSuccess);
        Assert.Equal("2", await EngineLab.GetAsync(source, "/count"));
        var (second, _) = await lab.CaptureAsync(machine, source, below: snapshot);
        Assert.InRange(second.OwnBytes, 1, snapshot.OwnBytes / 2);
        Assert.InRange(after, 1, before - (40 << 20));
        TestContext.Current.TestOutputHelper?.WriteLine($"resident {before >> 20} MiB, then {after >> 20} MiB; captured {snapshot.OwnBytes >> 20} MiB, then {second.OwnBytes >> 20} MiB");
    }

    [Fact]
    public async Task What_lies_on_layers_of_its_own_is_captured_whole_and_outlives_their_files()
    {
        var (machine, source) = await lab.BootAsync();
        var (below, _) = await lab.CaptureAsync(machine, source);
        var (clone, specification) = await lab.CloneAsync(below);
        for (var cycle = 1; cycle <= 3; cycle++)
        {
            Assert.Equal($"{cycle}", await EngineLab.GetAsync(specification, "/count"));
            var (frozen, _) = await lab.CaptureAsync(clone, specification, runOn: false, below: below);
            await clone.KillAsync();
            clone = await lab.RestoreAsync(frozen, specification, new() { WatchedPorts = [8080] }, kept: false);
            Assert.True((await lab.Snapshots.DeleteAsync(frozen.Uuid)).IsSuccess);
            TestContext.Current.TestOutputHelper?.WriteLine($"{frozen.OwnBytes >> 20} MiB");
        }

        Assert.Equal("4", await EngineLab.GetAsync(specification, "/count"));
    }
}
