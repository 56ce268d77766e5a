using System.Text.Encodings.Web;
using System.Text.Json;

namespace Wisp.Cli.Output;

/// <summary>How JSON is written.</summary>
internal static class Json
{
    /// <summary>On one line, letters of all languages as they are.</summary>
    public static JsonSerializerOptions Relaxed { get; } = new(CliJson.Default.Options) { WriteIndented = false, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The same, for people.</summary>
    public static JsonSerializerOptions Indented { get; } = new(CliJson.Default.Options) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
