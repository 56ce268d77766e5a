using System.Net;
using Wisp.Platform.Certificates;

namespace Wisp.Platform;

/// <summary>Settings of a node's platform.</summary>
public sealed record PlatformOptions
{
    /// <summary>One directory per instance is made under it.</summary>
    public required string InstancesDirectory { get; init; }

    /// <summary>What guests boot from.</summary>
    public required BootFiles Boot { get; init; }

    /// <summary>The most memory an instance may have, in MiB.</summary>
    public required int LargestMemoryMb { get; init; }

    /// <summary>Where services without an address of their own listen. Default loopback.</summary>
    public IPAddress DefaultListenAddress { get; init; } = IPAddress.Loopback;

    /// <summary>Where port 80 of services without an address of their own is on the host.</summary>
    public int HttpPort { get; init; } = 80;

    /// <summary>Where port 443 of services without an address of their own is on the host.</summary>
    public int HttpsPort { get; init; } = 443;

    /// <summary>Suffix of generated domains. Default <c>localhost</c>, which resolvers send to loopback.</summary>
    public string DomainSuffix { get; init; } = "localhost";

    /// <summary>For which domains certificates are got that none is named for, and for whom; null for all and everybody.</summary>
    public IReadOnlyList<AutomaticSuffix>? AutomaticSuffixes { get; init; }

    /// <summary>How long a request to a sleeping instance is held at most.</summary>
    public TimeSpan HoldDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an application may take to obey its stop signal before it is killed.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What "the platform's maximum" means for waits and drains.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What all boot snapshots together may take of the disk; the longest unused go first.</summary>
    public long BootSnapshotBudgetBytes { get; init; } = 8L << 30;

    /// <summary>How long a start waits for the boot snapshot that another start makes, before it boots itself.</summary>
    public TimeSpan BootSnapshotWait { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an application without a published port must have run before it is taken for ready, and frozen.</summary>
    public TimeSpan BootSnapshotSettle { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an application without a published TCP port stays awake after its start: it may not have come as far as what it waits for.</summary>
    public TimeSpan UnseenStart { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an instance sleeps before its RAM goes back to the host.</summary>
    public TimeSpan ReclaimAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an instance sleeps before it is frozen to disk and its process ends; also the time between attempts that fail.</summary>
    public TimeSpan HibernateAfter { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How much memory the host has to spare. Read every few seconds while something sleeps in memory.</summary>
    public Func<long> AvailableMemory { get; init; } = HostMemory.Available;

    /// <summary>Whether anybody waits for one of the host's processors. Asked while many instances are woken at once.</summary>
    public Func<bool> AreProcessorsContended { get; init; } = HostProcessors.AreContended;

    /// <summary>Below this much spare memory, sleeping instances are frozen to disk early, and guests are not forked. Default a tenth of the host's.</summary>
    public long LowMemoryBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 10;

    /// <summary>How many forks of one instance may live at once, children of children among them.</summary>
    public int ForkLimit { get; init; } = 64;

    /// <summary>How long a deleted instance can still be looked at. Default not at all.</summary>
    public TimeSpan RetainDeleted { get; init; }

    /// <summary>How long what is in flight may go on when the node goes down, before an instance is stopped instead of frozen.</summary>
    public TimeSpan DownDrain { get; init; } = TimeSpan.FromSeconds(2);
}
