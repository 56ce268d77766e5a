using Wisp.Machines.Limits;
using Wisp.Machines.Tests.Support;

namespace Wisp.Machines.Tests.Limits;

/// <summary>Directories that look like each kind of host; and the control groups of this one.</summary>
public sealed class MachineCgroupTests : IDisposable
{
    private const string Machine = "11111111-2222-3333-4444-555555555555";
    private const long Memory = 256L * 1024 * 1024;
    private const string HostRoot = "/sys/fs/cgroup";

    private readonly TemporaryDirectory _root = new();

    [Fact]
    public void Version_2_limits_both_in_one_group()
    {
        File.WriteAllText(_root.At("cgroup.controllers"), "cpu memory");
        var group = MachineCgroup.Create(_root.Path, Machine, Memory, 3);
        Assert.Empty(group.Missing);
        Assert.Equal([_root.At($"wisp/{Machine}")], group.Directories);
        Assert.Equal(("268435456", "300000 100000"), (Read($"wisp/{Machine}/memory.max"), Read($"wisp/{Machine}/cpu.max")));
        Assert.Equal(("+memory +cpu", "+memory +cpu"), (Read("cgroup.subtree_control"), Read("wisp/cgroup.subtree_control")));
    }

    [Theory]
    [InlineData("memory", "cpu")]
    [InlineData("memory", "cpu", "unified")]
    public void Version_1_and_hybrid_limit_each_in_its_own(params string[] mounted)
    {
        foreach (var controller in mounted)
        {
            Directory.CreateDirectory(_root.At(controller));
        }

        var group = MachineCgroup.Create(_root.Path, Machine, Memory, 2);
        Assert.Empty(group.Missing);
        Assert.Equal([_root.At($"memory/wisp/{Machine}"), _root.At($"cpu/wisp/{Machine}")], group.Directories);
        Assert.Equal("268435456", Read($"memory/wisp/{Machine}/memory.limit_in_bytes"));
        Assert.Equal(("100000", "200000"), (Read($"cpu/wisp/{Machine}/cpu.cfs_period_us"), Read($"cpu/wisp/{Machine}/cpu.cfs_quota_us")));
        Assert.Equal(group.Directories, MachineCgroup.Find(_root.Path, Machine));
    }

    [Fact]
    public void A_controller_that_is_not_mounted_is_named_and_the_other_used()
    {
        Directory.CreateDirectory(_root.At("memory"));
        var group = MachineCgroup.Create(_root.Path, Machine, Memory, 1);
        Assert.Equal([_root.At($"memory/wisp/{Machine}")], group.Directories);
        Assert.Equal("cpu: not mounted", Assert.Single(group.Missing));
    }

    [Fact]
    public void A_host_without_control_groups_has_none_and_says_so()
    {
        var group = MachineCgroup.Create(_root.At("no/such"), Machine, Memory, 1);
        Assert.Empty(group.Directories);
        Assert.Equal(2, group.Missing.Count);
    }

    /// <summary>In the host's own hierarchy, with what really stands there afterwards.</summary>
    [Fact]
    public async Task This_hosts_groups_are_made_and_leave_nothing()
    {
        var name = $"test-{Guid.NewGuid()}";
        var group = MachineCgroup.Create(HostRoot, name, Memory, 2);
        if (group.Missing.Count > 0)
        {
            Assert.Skip("This host gives no control groups: " + string.Join("; ", group.Missing));
        }

        try
        {
            Assert.All(group.Directories, directory => Assert.True(File.Exists(Path.Combine(directory, "cgroup.procs"))));
            var limit = group.Directories.SelectMany(directory => (string[])[Path.Combine(directory, "memory.max"), Path.Combine(directory, "memory.limit_in_bytes")]).First(File.Exists);
            Assert.Equal($"{Memory}", (await File.ReadAllTextAsync(limit)).Trim());
        }
        finally
        {
            await MachineCgroup.RemoveAsync(HostRoot, name, TimeProvider.System);
        }

        Assert.Empty(MachineCgroup.Find(HostRoot, name));
    }

    [Fact]
    public Task Removing_what_is_not_there_is_no_trouble() => MachineCgroup.RemoveAsync(_root.Path, Machine, TimeProvider.System);

    public void Dispose() => _root.Dispose();

    private string Read(string file) => File.ReadAllText(_root.At(file));
}
