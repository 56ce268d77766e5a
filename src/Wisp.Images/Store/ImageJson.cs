using System.Text.Json.Serialization;

namespace Wisp.Images;

/// <summary>Source-generated JSON of the store's records.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(StoredImage))]
internal sealed partial class ImageJson : JsonSerializerContext;
