using System.Text.Json;
using System.Text.Json.Serialization;
using Wisp.Contracts.Audit;
using Wisp.Contracts.ControlPlane;

namespace Wisp.Contracts;

/// <summary>Source-generated JSON of the wire.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Envelope<InstancesData>))]
[JsonSerializable(typeof(Envelope<TransitionsData>))]
[JsonSerializable(typeof(Envelope<LogsData>))]
[JsonSerializable(typeof(Envelope<HistoriesData>))]
[JsonSerializable(typeof(Envelope<ChangesData>))]
[JsonSerializable(typeof(Envelope<SnapshotsData>))]
[JsonSerializable(typeof(Envelope<ServiceGroupsData>))]
[JsonSerializable(typeof(Envelope<ServiceMetricsData>))]
[JsonSerializable(typeof(Envelope<ImagesData>))]
[JsonSerializable(typeof(Envelope<HealthData>))]
[JsonSerializable(typeof(Envelope<AuthoritiesData>))]
[JsonSerializable(typeof(Envelope<ServiceGroupChangesData>))]
[JsonSerializable(typeof(Envelope<MetricsData>))]
[JsonSerializable(typeof(Envelope<VolumesData>))]
[JsonSerializable(typeof(Envelope<CertificatesData>))]
[JsonSerializable(typeof(Envelope<AutoscaleData>))]
[JsonSerializable(typeof(Envelope<PoliciesData>))]
[JsonSerializable(typeof(Envelope<QuotasData>))]
[JsonSerializable(typeof(Envelope<UsersData>))]
[JsonSerializable(typeof(Envelope<TokensData>))]
[JsonSerializable(typeof(AuditEntry))]
[JsonSerializable(typeof(Envelope<PinnedImagesData>))]
[JsonSerializable(typeof(Envelope<MetrosData>))]
[JsonSerializable(typeof(Envelope<NamedImagesData>))]
[JsonSerializable(typeof(Envelope<AuthorizationData>))]
[JsonSerializable(typeof(Envelope<IReadOnlyDictionary<string, IReadOnlyList<Refused>>>))]
[JsonSerializable(typeof(Envelope<JsonElement?>))]
public sealed partial class WireJson : JsonSerializerContext;
