using System.Text.Json.Serialization;

namespace Wisp.Snapshots;

/// <summary>How pages came from one file into another.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CopyMethod>))]
public enum CopyMethod
{
    /// <summary>Nothing was copied.</summary>
    [JsonStringEnumMemberName("none")]
    None,
    /// <summary>They were copied and take their room twice.</summary>
    [JsonStringEnumMemberName("copy")]
    Copy,
    /// <summary>The filesystem shares them between the files.</summary>
    [JsonStringEnumMemberName("reflink")]
    Reflink,
}
