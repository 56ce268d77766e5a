using Wisp.Gateway.Observing;

namespace Wisp.Gateway.Forwarding;

/// <summary>Why one target did not serve a request, of whose answer nothing has been sent.</summary>
/// <param name="Status">The status of the answer, if nobody else serves it.</param>
/// <param name="Reason">What it says.</param>
/// <param name="Error">The same in a word.</param>
/// <param name="MayRetry">True when another target may be asked.</param>
internal sealed record Failure(int Status, WispError Reason, GatewayError Error, bool MayRetry);
