using System.Text.Json.Serialization;
using Wisp.Platform.Accounts;
using Wisp.Platform.Audit;
using Wisp.Platform.Instances.Retention;

namespace Wisp.Platform.Records;

/// <summary>How records are written into the state store: JSON, members by name, so that a newer version can add some.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(InstanceRecord))]
[JsonSerializable(typeof(ServiceGroupRecord))]
[JsonSerializable(typeof(CertificateRecord))]
[JsonSerializable(typeof(FrozenRecord))]
[JsonSerializable(typeof(FrozenSettings))]
[JsonSerializable(typeof(RetainedInstance))]
[JsonSerializable(typeof(Account))]
[JsonSerializable(typeof(ApiToken))]
[JsonSerializable(typeof(AuditEvent))]
internal sealed partial class RecordJson : JsonSerializerContext;
