namespace Wisp.Tools;

/// <summary>One line of output of a running program.</summary>
/// <param name="Text">The line without its end.</param>
/// <param name="IsError">True when it came on standard error.</param>
public readonly record struct ToolLine(string Text, bool IsError);
