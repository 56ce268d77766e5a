using System.Text.Json;
using System.Text.Json.Serialization;
using Wisp.Layout;

namespace Wisp.Daemon;

/// <summary>The file by which others find a running daemon.</summary>
internal static class DaemonFile
{
    /// <summary>What it says; null when there is none or it is torn.</summary>
    public static DaemonRecord? Read(DataDirectory data)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(data.DaemonFile), DaemonJson.Default.DaemonRecord);
        }
        catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes it whole or not at all.</summary>
    public static void Write(DataDirectory data, DaemonRecord record)
    {
        var temporary = data.DaemonFile + ".new";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(record, DaemonJson.Default.DaemonRecord));
        File.Move(temporary, data.DaemonFile, overwrite: true);
    }

    public static void Delete(DataDirectory data) => File.Delete(data.DaemonFile);
}

/// <summary>Source-generated JSON of the daemon file.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(DaemonRecord))]
internal sealed partial class DaemonJson : JsonSerializerContext;
