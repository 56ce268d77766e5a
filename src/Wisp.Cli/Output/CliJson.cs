using System.Text.Json.Serialization;
using Wisp.Layout;

namespace Wisp.Cli.Output;

/// <summary>Source-generated JSON of what the command line itself reads and prints.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(DaemonRecord))]
[JsonSerializable(typeof(NodeStatus))]
[JsonSerializable(typeof(BuildSummary))]
[JsonSerializable(typeof(DemoSummary))]
[JsonSerializable(typeof(VersionSummary))]
internal sealed partial class CliJson : JsonSerializerContext;
