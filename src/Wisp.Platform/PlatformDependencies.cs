using Microsoft.Extensions.Logging;
using Wisp.Certificates;
using Wisp.Certificates.Acme;
using Wisp.Gateway;
using Wisp.Images;
using Wisp.Machines;
using Wisp.Network;
using Wisp.Snapshots;
using Wisp.State;

namespace Wisp.Platform;

/// <summary>The rooms the platform stands on.</summary>
/// <param name="State">Durable state.</param>
/// <param name="Engine">Makes machines.</param>
/// <param name="Network">Gives them interfaces.</param>
/// <param name="Images">What they are made of.</param>
/// <param name="Gateway">Where their ports are published.</param>
/// <param name="Certificates">What the gateway presents.</param>
/// <param name="Snapshots">Frozen machines.</param>
/// <param name="Time">The clock.</param>
/// <param name="Loggers">Logs.</param>
/// <param name="Issuer">Gets certificates for domains that name none; null where they have one of the node's authority.</param>
public sealed record PlatformDependencies(
    IStateStore State, IMachineEngine Engine, IGuestNetwork Network, IImageStore Images, IGateway Gateway,
    CertificateShelf Certificates, ISnapshotStore Snapshots, TimeProvider Time,
    ILoggerFactory Loggers, ICertificateIssuer? Issuer = null);
