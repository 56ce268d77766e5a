using System.Text.Json.Serialization;

namespace Wisp.GuestProtocol.Tests;

/// <summary>The payloads as a serializer makes them: what earlier versions sent and took, and what the codecs are held against.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(GuestConfiguration))]
[JsonSerializable(typeof(GuestStatus))]
[JsonSerializable(typeof(GuestExit))]
[JsonSerializable(typeof(GuestRestore))]
[JsonSerializable(typeof(ForkOutcome))]
[JsonSerializable(typeof(ForkChild))]
[JsonSerializable(typeof(TemplateOutcome))]
internal sealed partial class ReferenceJson : JsonSerializerContext;
