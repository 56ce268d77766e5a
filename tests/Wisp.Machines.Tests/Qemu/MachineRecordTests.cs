using Wisp.Machines.Qemu;
using Wisp.Machines.Tests.Support;

namespace Wisp.Machines.Tests.Qemu;

public sealed class MachineRecordTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string File => _directory.At("machine.json");

    [Fact]
    public void A_record_comes_back_as_it_was()
    {
        var written = Record();
        written.Write(File);
        Assert.Equivalent(written, MachineRecord.Read(File), strict: true);
    }

    [Fact]
    public void It_replaces_an_earlier_one_and_leaves_nothing_beside_it()
    {
        Record().Write(File);
        (Record() with { Pid = 43 }).Write(File);
        Assert.Equal(43, MachineRecord.Read(File)!.Pid);
        Assert.Equal([File], Directory.EnumerateFiles(_directory.Path));
    }

    /// <summary>The environment in it may hold secrets.</summary>
    [Fact]
    public void Only_its_owner_can_read_it()
    {
        Record().Write(File);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    public void A_torn_record_is_none(string text)
    {
        System.IO.File.WriteAllText(File, text);
        Assert.Null(MachineRecord.Read(File));
    }

    [Fact]
    public void A_missing_record_is_none() => Assert.Null(MachineRecord.Read(_directory.At("no/such/place")));

    public void Dispose() => _directory.Dispose();

    private static MachineRecord Record() => new()
    {
        Id = Specifications.Id,
        Pid = 42,
        StartTime = 123_456_789_012,
        MemoryFile = "/data/memory/x",
        Guest = Specifications.Plain().Guest with { Environment = ["TOKEN=secret"], Address = "10.64.0.2" },
    };
}
