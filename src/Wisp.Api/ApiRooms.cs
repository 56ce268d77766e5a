using Wisp.Images;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Platform.Services;
using Wisp.Platform.Usage;

namespace Wisp.Api;

/// <summary>What the API speaks for.</summary>
/// <param name="Instances">Instances.</param>
/// <param name="Groups">Service groups.</param>
/// <param name="Frozen">Templates and checkpoints.</param>
/// <param name="Snapshots">Their files.</param>
/// <param name="Usage">What is in use.</param>
/// <param name="Images">Images.</param>
public sealed record ApiRooms(
    IInstanceService Instances, IServiceGroupService Groups, IFrozenInstanceService Frozen, ISnapshotService Snapshots, INodeUsage Usage, IImageStore Images);
