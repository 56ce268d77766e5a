namespace Wisp.Gateway.Observing;

/// <summary>Why it was the gateway that answered a request, ended a connection or lost a datagram, and not the application.</summary>
public enum GatewayError
{
    /// <summary>No service is there (404).</summary>
    NoService,
    /// <summary>The connection was opened for another service (421).</summary>
    Misdirected,
    /// <summary>The request cannot be understood for certain, or its body could not be read (400).</summary>
    BadRequest,
    /// <summary>Every instance has as much as the hard limit allows (503).</summary>
    Limit,
    /// <summary>The service has no instance that runs or sleeps (503).</summary>
    NoInstance,
    /// <summary>The instance was not awake in time (503).</summary>
    WakeTimeout,
    /// <summary>The instance could not be woken (503).</summary>
    WakeFailed,
    /// <summary>The instance takes no connections (502).</summary>
    Unreachable,
    /// <summary>The instance took the request and did not answer (502).</summary>
    NoAnswer,
    /// <summary>The instance's answer ended before it was whole.</summary>
    BrokenOff,
    /// <summary>A datagram for which there was no room while the instance woke, or whose session ended before it was awake.</summary>
    Dropped,
    /// <summary>More connections are open than may be, or its user has half of them without HTTP.</summary>
    Connections,
}
