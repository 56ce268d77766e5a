using Wisp.GuestProtocol;
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
        written.Write(File, durable: true);
        Assert.Equivalent(written, MachineRecord.Read(File), strict: true);
    }

    [Fact]
    public void It_replaces_an_earlier_one_and_leaves_nothing_beside_it()
    {
        Record().Write(File, durable: true);
        (Record() with { MemoryBytes = 43 }).Write(File, durable: true);
        Assert.Equal(43, MachineRecord.Read(File)!.MemoryBytes);
        Assert.Equal([File], Directory.EnumerateFiles(_directory.Path));
    }

    /// <summary>The environment in it may hold secrets.</summary>
    [Fact]
    public void Only_its_owner_can_read_it()
    {
        Record().Write(File, durable: true);
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

    /// <summary>Where an older one would do, a disk that is full is no reason to end a machine.</summary>
    [Fact]
    public void Renewing_it_where_that_is_impossible_is_said_and_nothing_more()
    {
        var log = new HeardLog();
        Record().Renew(_directory.At("no/such/place"), log);
        Assert.Contains("cannot be renewed", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private static MachineRecord Record() => new()
    {
        Id = Specifications.Id,
        Vmm = Guid.Parse("99999999-2222-3333-4444-555555555555"),
        MemoryAddress = 0x7f00_0000_0000,
        MemoryBytes = 96 << 20,
        Kept = ["/data/snapshots/x"],
        Notice = new GuestRestore { WatchedPorts = [8080], ForkTicket = 7, Identity = new GuestIdentity { Hostname = "web" } },
        Guest = Specifications.Plain().Guest with { Environment = ["TOKEN=secret"], Address = "10.64.0.2" },
    };
}
