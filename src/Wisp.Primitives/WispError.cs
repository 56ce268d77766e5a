namespace Wisp;

/// <summary>An expected failure, as a value.</summary>
/// <param name="Code">Which failure, from the closed set.</param>
/// <param name="Message">What happened and to which resource: one sentence, no stack trace, no secret.</param>
/// <param name="NextStep">What the reader can do about it, or null where the message says it all.</param>
/// <param name="Help">The name of a page under <c>docs/help</c> (without <c>.md</c>), named after the symptom.</param>
public sealed record WispError(ErrorCode Code, string Message, string? NextStep = null, string? Help = null)
{
    /// <summary>The message, followed by the next step where there is one.</summary>
    public override string ToString() => NextStep is null ? Message : $"{Message} {NextStep}";
}
