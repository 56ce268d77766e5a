namespace Wisp.Layout;

/// <summary>
/// Where a node keeps what. Everything that must survive a restart is under <see cref="Root"/>; what can be rebuilt is in
/// <see cref="CacheDirectory"/> and shared by all nodes of the host.
/// </summary>
/// <param name="Root">The data directory: <c>WISP_DATA_DIR</c>, default <c>/var/lib/wisp</c>.</param>
public sealed record DataDirectory(string Root)
{
    /// <summary>The one that is meant when none is named.</summary>
    public const string Default = "/var/lib/wisp";

    /// <summary>The data directory that the environment names.</summary>
    public static DataDirectory FromEnvironment() =>
        new(Path.GetFullPath(Environment.GetEnvironmentVariable("WISP_DATA_DIR") is { Length: > 0 } set ? set : Default));

    /// <summary>What can be rebuilt: kernels, base images, the guest's init. <c>WISP_CACHE_DIR</c>, default <c>/var/cache/wisp</c>.</summary>
    public static string CacheDirectory =>
        Path.GetFullPath(Environment.GetEnvironmentVariable("WISP_CACHE_DIR") is { Length: > 0 } set ? set : "/var/cache/wisp");

    /// <summary>The state store's database (SQLite, WAL).</summary>
    public string StateDatabase => Path.Combine(Root, "state.db");

    /// <summary>The image store.</summary>
    public string Images => Path.Combine(Root, "images");

    /// <summary>One directory per instance, named by its uuid.</summary>
    public string Instances => Path.Combine(Root, "instances");

    /// <summary>Frozen machines, one directory each, named by its uuid.</summary>
    public string Snapshots => Path.Combine(Root, "snapshots");

    /// <summary>VMMs that have no guest yet, one directory each.</summary>
    public string Vmms => Path.Combine(Root, "vmms");

    /// <summary>The API token, readable by its owner only.</summary>
    public string TokenFile => Path.Combine(Root, "token");

    /// <summary>The node's share of the guests' addresses.</summary>
    public string Subnet => Path.Combine(Root, "subnet");

    /// <summary>The node's certificate authority.</summary>
    public string Authority => Path.Combine(Root, "ca");

    /// <summary>The key of the account with an ACME authority.</summary>
    public string AcmeKey => Path.Combine(Authority, "acme.key");

    /// <summary>Held with an exclusive lock by the one wispd that serves this directory.</summary>
    public string LockFile => Path.Combine(Root, "wispd.lock");

    /// <summary>What a running wispd says of itself (<see cref="DaemonRecord"/> as JSON).</summary>
    public string DaemonFile => Path.Combine(Root, "wispd.json");

    /// <summary>wispd's own log.</summary>
    public string DaemonLog => Path.Combine(Root, "wispd.log");
}
