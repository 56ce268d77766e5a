using System.Text.Json;
using System.Text.Json.Serialization;

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
[JsonSerializable(typeof(Envelope<ImagesData>))]
[JsonSerializable(typeof(Envelope<HealthData>))]
[JsonSerializable(typeof(Envelope<JsonElement?>))]
public sealed partial class WireJson : JsonSerializerContext;
