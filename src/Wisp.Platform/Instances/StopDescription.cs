using Wisp.Platform.Records;

namespace Wisp.Platform.Instances;

/// <summary>A stop in words. Pure.</summary>
internal static class StopDescription
{
    /// <summary>One sentence.</summary>
    public static string Of(StopInfo? stop) => stop switch
    {
        null => "nothing is known of the reason.",
        { Detail: { Length: > 0 } detail } => detail.EndsWith('.') ? detail : detail + ".",
        { ExitCode: { } code } => $"its application exited with code {code}.",
        _ => "it was stopped.",
    };
}
