namespace Wisp.Cli.Parsing;

/// <summary>A switch that can be turned off, too. Pure.</summary>
internal static class OnOff
{
    public const string On = "on";
    public const string Off = "off";

    /// <summary>Reads it. A word, because the command line's parser takes an option of true or false for one without a value.</summary>
    public static Result<string> Parse(string text) => text switch
    {
        On or "true" => On,
        Off or "false" => Off,
        _ => new WispError(ErrorCode.InvalidValue, $"'{text}' is neither on nor off.", "Write on or off."),
    };
}
