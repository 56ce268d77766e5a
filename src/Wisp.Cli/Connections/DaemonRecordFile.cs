using System.Text.Json;
using Wisp.Cli.Output;
using Wisp.Layout;

namespace Wisp.Cli.Connections;

/// <summary>Reads what a daemon says of itself.</summary>
internal static class DaemonRecordFile
{
    /// <summary>The record; null when there is none, or one that is half written.</summary>
    public static Result<DaemonRecord?> Read(DataDirectory data)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(data.DaemonFile), CliJson.Default.DaemonRecord);
        }
        catch (UnauthorizedAccessException)
        {
            return new WispError(ErrorCode.NotAllowed, $"{data.DaemonFile} may not be read by this user.", "Run with sudo.", "not-root");
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return (DaemonRecord?)null;
        }
    }
}
