using Wisp.Contracts.Autoscale;
using Wisp.Contracts.Certificates;
using Wisp.Contracts.ControlPlane;
using Wisp.Contracts.Images;
using Wisp.Contracts.Instances;
using Wisp.Contracts.Services;
using Wisp.Contracts.Snapshots;
using Wisp.Contracts.Users;
using Wisp.Contracts.Volumes;

namespace Wisp.Contracts;

/// <summary>Data of answers about instances.</summary>
/// <param name="Instances">The list.</param>
public sealed record InstancesData(IReadOnlyList<Instance> Instances);

/// <summary>Data of answers that say what became of instances.</summary>
/// <param name="Instances">The list.</param>
public sealed record TransitionsData(IReadOnlyList<InstanceTransition> Instances);

/// <summary>Data of answers with consoles.</summary>
/// <param name="Instances">The list.</param>
public sealed record LogsData(IReadOnlyList<InstanceLog> Instances);

/// <summary>Data of answers about the descent of instances.</summary>
/// <param name="Instances">The list.</param>
public sealed record HistoriesData(IReadOnlyList<InstanceHistory> Instances);

/// <summary>Data of answers to changes of properties.</summary>
/// <param name="Instances">The list.</param>
public sealed record ChangesData(IReadOnlyList<ResourceChange> Instances);

/// <summary>Data of answers about snapshots.</summary>
/// <param name="Snapshots">The list.</param>
public sealed record SnapshotsData(IReadOnlyList<Snapshot> Snapshots);

/// <summary>Data of answers about service groups.</summary>
/// <param name="ServiceGroups">The list.</param>
public sealed record ServiceGroupsData(IReadOnlyList<ServiceGroup> ServiceGroups);

/// <summary>Data of answers about what service groups are asked.</summary>
/// <param name="ServiceGroups">The list.</param>
public sealed record ServiceMetricsData(IReadOnlyList<ServiceMetrics> ServiceGroups);

/// <summary>Data of answers about images.</summary>
/// <param name="Images">The list.</param>
public sealed record ImagesData(IReadOnlyList<Image> Images);

/// <summary>Data of the health answer.</summary>
/// <param name="Checks">What was looked at, and how it is.</param>
/// <param name="Versions">Versions of the parts.</param>
/// <param name="License">Always valid.</param>
public sealed record HealthData(IReadOnlyDictionary<string, string> Checks, IReadOnlyDictionary<string, string> Versions, License License);

/// <summary>A licence; Wisp is free.</summary>
/// <param name="Serial">Its number.</param>
/// <param name="Valid">True.</param>
/// <param name="Features">What it allows.</param>
public sealed record License(string Serial, bool Valid, IReadOnlyList<string> Features);

/// <summary>Data of answers about what instances use.</summary>
/// <param name="Instances">The list.</param>
public sealed record MetricsData(IReadOnlyList<InstanceMetrics> Instances);

/// <summary>Data of answers about volumes.</summary>
/// <param name="Volumes">The list.</param>
public sealed record VolumesData(IReadOnlyList<Volume> Volumes);

/// <summary>Data of answers about certificates.</summary>
/// <param name="Certificates">The list.</param>
public sealed record CertificatesData(IReadOnlyList<Certificate> Certificates);

/// <summary>Data of the answer about the node's certificate authority.</summary>
/// <param name="Authorities">The list, of one.</param>
public sealed record AuthoritiesData(IReadOnlyList<CertificateAuthority> Authorities);

/// <summary>Data of answers about how service groups scale.</summary>
/// <param name="ServiceGroups">The list.</param>
public sealed record AutoscaleData(IReadOnlyList<AutoscaleConfiguration> ServiceGroups);

/// <summary>Data of answers about policies.</summary>
/// <param name="Policies">The list.</param>
public sealed record PoliciesData(IReadOnlyList<AutoscalePolicyItem> Policies);

/// <summary>Data of answers about quotas.</summary>
/// <param name="Quotas">The list.</param>
public sealed record QuotasData(IReadOnlyList<Quotas> Quotas);

/// <summary>Data of answers about users.</summary>
/// <param name="Users">The list.</param>
public sealed record UsersData(IReadOnlyList<User> Users);

/// <summary>Data of answers about tokens.</summary>
/// <param name="Tokens">The list.</param>
public sealed record TokensData(IReadOnlyList<UserToken> Tokens);

/// <summary>Data of answers about pinned images.</summary>
/// <param name="Images">The list.</param>
public sealed record PinnedImagesData(IReadOnlyList<PinnedImage> Images);

/// <summary>Data of answers about metros.</summary>
/// <param name="Metros">The list.</param>
public sealed record MetrosData(IReadOnlyList<Metro> Metros);

/// <summary>Data of answers about images with their tags.</summary>
/// <param name="Images">The list.</param>
public sealed record NamedImagesData(IReadOnlyList<NamedImage> Images);

/// <summary>Data of answers to changes of service groups.</summary>
/// <param name="ServiceGroups">The list.</param>
public sealed record ServiceGroupChangesData(IReadOnlyList<ResourceChange> ServiceGroups);
