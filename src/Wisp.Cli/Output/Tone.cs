using Spectre.Console;

namespace Wisp.Cli.Output;

/// <summary>Colours of words that have one.</summary>
internal static class Tone
{
    private static readonly Style Awake = new(Color.Green);
    private static readonly Style Asleep = new(Color.Blue);
    private static readonly Style Moving = new(Color.Yellow);

    /// <summary>The style of a value.</summary>
    public static Style Of(string text) => text switch
    {
        "running" => Awake,
        "standby" => Asleep,
        "starting" or "draining" or "stopping" => Moving,
        _ => Style.Plain,
    };
}
