using System.Text.Json.Serialization;

namespace Wisp.Snapshots;

/// <summary>What a frozen machine was frozen for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SnapshotKind>))]
public enum SnapshotKind
{
    /// <summary>An image that was booted once, so that nobody has to again; found by its key, and made anew when it is gone.</summary>
    [JsonStringEnumMemberName("boot")]
    Boot,
    /// <summary>An instance in deep sleep.</summary>
    [JsonStringEnumMemberName("hibernation")]
    Hibernation,
    /// <summary>A template that instances are cloned from.</summary>
    [JsonStringEnumMemberName("template")]
    Template,
    /// <summary>A moment of an instance that went on.</summary>
    [JsonStringEnumMemberName("checkpoint")]
    Checkpoint,
    /// <summary>What the children of a fork begin from.</summary>
    [JsonStringEnumMemberName("fork")]
    Fork,
    /// <summary>What a branch begins from.</summary>
    [JsonStringEnumMemberName("branch")]
    Branch,
}
