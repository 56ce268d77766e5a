using System.Net;

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

    /// <summary>Suffix of generated domains. Default <c>localhost</c>, which resolvers send to loopback.</summary>
    public string DomainSuffix { get; init; } = "localhost";

    /// <summary>How long a request to a sleeping instance is held at most.</summary>
    public TimeSpan HoldDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an application may take to obey its stop signal before it is killed.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What "the platform's maximum" means for waits and drains.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(5);
}
