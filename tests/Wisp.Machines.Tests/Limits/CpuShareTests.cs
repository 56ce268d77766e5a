using Wisp.Machines.Limits;
using Wisp.Machines.Tests.Support;

namespace Wisp.Machines.Tests.Limits;

/// <summary>Shares as each version of control groups has them; and in those of this host.</summary>
public sealed class CpuShareTests : IDisposable
{
    private const string Machine = "11111111-2222-3333-4444-555555555555";
    private const string HostRoot = "/sys/fs/cgroup";

    private readonly TemporaryDirectory _root = new();

    [Theory]
    [InlineData("wisp/" + Machine, "cpu.weight", 400, "400")]
    [InlineData("cpu/wisp/" + Machine, "cpu.shares", 400, "4096")]
    [InlineData("cpu/wisp/" + Machine, "cpu.shares", 100, "1024")]
    public void It_is_said_in_the_words_of_the_version(string group, string file, int share, string written)
    {
        Directory.CreateDirectory(_root.At(group));
        File.WriteAllText(_root.At($"{group}/{file}"), "");
        Assert.True(CpuShare.Set(_root.Path, Machine, share).IsSuccess);
        Assert.Equal(written, File.ReadAllText(_root.At($"{group}/{file}")));
    }

    [Fact]
    public void A_host_without_control_groups_has_nothing_to_say_it_to() => Assert.True(CpuShare.Set(_root.Path, Machine, 200).IsSuccess);

    [Fact]
    public void What_cannot_be_written_is_named()
    {
        Directory.CreateDirectory(_root.At($"wisp/{Machine}"));
        // The kernel's own refusal: nothing may be written here.
        File.CreateSymbolicLink(_root.At($"wisp/{Machine}/cpu.weight"), "/proc/version");
        Assert.Contains($"wisp/{Machine}", CpuShare.Set(_root.Path, Machine, 200).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task This_hosts_group_has_what_was_set()
    {
        var name = $"test-{Guid.NewGuid()}";
        var group = MachineCgroup.Create(HostRoot, name, 1L << 28, 1);
        try
        {
            if (group.Missing.Count > 0)
            {
                Assert.Skip("This host gives no control groups: " + string.Join("; ", group.Missing));
            }

            foreach (var (share, weight, shares) in new[] { (100, "100", "1024"), (3200, "3200", "32768") })
            {
                Assert.True(CpuShare.Set(HostRoot, name, share).IsSuccess);
                var file = group.Directories.SelectMany(directory => (string[])[Path.Combine(directory, "cpu.weight"), Path.Combine(directory, "cpu.shares")]).First(File.Exists);
                Assert.Equal(file.EndsWith("weight", StringComparison.Ordinal) ? weight : shares, (await File.ReadAllTextAsync(file)).Trim());
            }
        }
        finally
        {
            await MachineCgroup.RemoveAsync(HostRoot, name, TimeProvider.System);
        }
    }

    public void Dispose() => _root.Dispose();
}
