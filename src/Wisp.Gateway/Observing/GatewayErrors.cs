using System.Collections.Frozen;
using System.Text.Json;
using Wisp.Gateway.Routing;

namespace Wisp.Gateway.Observing;

/// <summary>Reasons in words, and what they follow from.</summary>
public static class GatewayErrors
{
    private static readonly FrozenDictionary<GatewayError, string> Words =
        Enum.GetValues<GatewayError>().ToFrozenDictionary(error => error, error => JsonNamingPolicy.SnakeCaseLower.ConvertName(error.ToString()));

    /// <summary>The word that logs and metrics have for it, such as <c>wake_timeout</c>.</summary>
    public static string Word(this GatewayError error) => Words[error];

    /// <summary>Why a route has nobody to send to.</summary>
    internal static GatewayError OfNoTarget(Entry entry) => entry.IsFull ? GatewayError.Limit : GatewayError.NoInstance;

    /// <summary>Why a backend is not awake.</summary>
    internal static GatewayError OfWake(WispError failure) => failure.Code == ErrorCode.TimedOut ? GatewayError.WakeTimeout : GatewayError.WakeFailed;
}
