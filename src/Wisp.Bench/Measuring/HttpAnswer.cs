namespace Wisp.Bench.Measuring;

/// <summary>An answer and when its first byte came.</summary>
/// <param name="FirstByteAt">Timestamp of <see cref="TimeProvider"/>.</param>
/// <param name="Timing">What the gateway says of a wake; null when nothing was asleep.</param>
/// <param name="IsLast">Whether the server says that it ends the connection with it.</param>
public sealed record HttpAnswer(long FirstByteAt, ServerTiming? Timing, bool IsLast);
