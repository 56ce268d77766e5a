using System.Text.Json.Serialization;
using Wisp.Layout;

namespace Wisp.Bench.Reporting;

/// <summary>Source-generated JSON of the report, and of what is read to make it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BenchReport))]
[JsonSerializable(typeof(DaemonRecord))]
internal sealed partial class BenchJson : JsonSerializerContext;
