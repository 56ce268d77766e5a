using System.Globalization;

namespace Wisp.Gateway.Forwarding;

/// <summary>
/// What a request that found its backend asleep spent, for the Server-Timing header (W3C Server Timing), in milliseconds:
/// <c>hold</c> from the request's arrival until it could be forwarded, <c>wake</c> the part of it that the wake itself took, with the
/// wake's number as its description, and <c>ttfb</c> from forwarding to the first byte of the answer.
/// </summary>
internal readonly record struct WakeTiming(TimeSpan Hold, TimeSpan Wake, long WakeNumber)
{
    public string Header(TimeSpan firstByte) => string.Create(
        CultureInfo.InvariantCulture,
        $"hold;dur={Hold.TotalMilliseconds:0.000}, wake;dur={Wake.TotalMilliseconds:0.000};desc=\"{WakeNumber}\", ttfb;dur={firstByte.TotalMilliseconds:0.000}");
}
