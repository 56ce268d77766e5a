namespace Wisp.Cli.Parsing;

/// <summary>A switch. Pure.</summary>
internal static class OnOff
{
    /// <summary>Reads it.</summary>
    public static Result<bool> Parse(string text) => text switch
    {
        "on" or "true" => true,
        "off" or "false" => false,
        _ => new WispError(ErrorCode.InvalidValue, $"'{text}' is neither on nor off.", "Write on or off."),
    };
}
