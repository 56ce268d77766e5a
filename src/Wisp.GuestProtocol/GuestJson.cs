using System.Text.Json.Serialization;

namespace Wisp.GuestProtocol;

/// <summary>Source-generated JSON for the channel's payloads (no reflection: the guest side is NativeAOT).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(GuestConfiguration))]
[JsonSerializable(typeof(GuestStatus))]
[JsonSerializable(typeof(GuestExit))]
public sealed partial class GuestJson : JsonSerializerContext;
