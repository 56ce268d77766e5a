namespace Wisp.Cli.Writing;

/// <summary>Something that was typed: <c>--set name=value</c>.</summary>
/// <param name="Operation">What is done with it.</param>
/// <param name="Name">Name of the field.</param>
/// <param name="Value">The value; null to take all of it away.</param>
internal sealed record Assignment(Operation Operation, string Name, string? Value)
{
    /// <summary>Reads one.</summary>
    public static Result<Assignment> Parse(Operation operation, string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? new Assignment(operation, text[..equals].Trim(), text[(equals + 1)..])
            : operation == Operation.Del && text.Length > 0 && equals < 0 ? new Assignment(operation, text.Trim(), null)
            : new WispError(ErrorCode.InvalidValue, $"'{text}' does not say what to {operation.ToString().ToLowerInvariant()}.", "Write field=value, such as resources.memory=256MiB.");
    }

    /// <summary>Reads one whose value is in a file.</summary>
    public static Result<Assignment> OfFile(Operation operation, string text)
    {
        if (Parse(operation, text).Failed(out var error, out var assignment))
        {
            return error;
        }

        try
        {
            return assignment with { Value = File.ReadAllText(assignment.Value ?? "").TrimEnd('\n') };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new WispError(ErrorCode.InvalidValue, $"Cannot read '{assignment.Value}': {exception.Message}", "Write field=FILE.");
        }
    }
}

/// <summary>What is done with a field.</summary>
internal enum Operation
{
    /// <summary>It is given this value.</summary>
    Set,
    /// <summary>It gets one more.</summary>
    Add,
    /// <summary>It gets one less.</summary>
    Del,
}
