using Wisp.Platform.Audit;
using Wisp.Platform.Autoscale;
using Wisp.Platform.Certificates;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Platform.Services;
using Wisp.Platform.Usage;

namespace Wisp.Platform;

/// <summary>The platform as one caller sees it: what belongs to another account is not there.</summary>
/// <param name="Instances">Instances.</param>
/// <param name="Services">Service groups.</param>
/// <param name="Autoscale">How service groups grow and shrink.</param>
/// <param name="Certificates">Certificates.</param>
/// <param name="Frozen">Templates and checkpoints.</param>
/// <param name="Snapshots">The files of what is frozen; an administrator sees those of the whole node.</param>
/// <param name="Usage">What is in use, and what there may be.</param>
/// <param name="Audit">What happened.</param>
public sealed record AccountRooms(
    IInstanceService Instances, IServiceGroupService Services, IAutoscaleService Autoscale, ICertificateService Certificates, IFrozenInstanceService Frozen, ISnapshotService Snapshots, INodeUsage Usage, IAuditTrail Audit);
