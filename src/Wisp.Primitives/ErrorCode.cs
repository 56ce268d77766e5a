namespace Wisp;

/// <summary>
/// The closed set of failure codes. The numbers are those of the platform API ("Item error codes") and go on the wire
/// as they are; add nothing that the API does not know.
/// </summary>
public enum ErrorCode
{
    /// <summary>Nothing better is known.</summary>
    Unknown = 0,
    /// <summary>The operation exists and this server does not carry it out.</summary>
    NotSupported = 1,
    /// <summary>The path exists, the HTTP method does not apply to it.</summary>
    WrongMethod = 2,
    /// <summary>There is no such path.</summary>
    NoSuchEndpoint = 3,
    /// <summary>Some items of a bulk operation failed.</summary>
    PartialFailure = 4,
    /// <summary>More items than are allowed.</summary>
    TooMany = 5,
    /// <summary>A member or argument that is not part of the request.</summary>
    UnknownMember = 6,
    /// <summary>A value outside its range or of the wrong form.</summary>
    InvalidValue = 7,
    /// <summary>The resource that was referred to does not exist.</summary>
    NotFound = 8,
    /// <summary>A pool (addresses, ports) is used up.</summary>
    NothingFree = 9,
    /// <summary>The operation was tried and failed; the message says why.</summary>
    OperationFailed = 10,
    /// <summary>The machine is not in a state that allows the operation.</summary>
    WrongState = 11,
    /// <summary>The deadline passed first.</summary>
    TimedOut = 12,
    /// <summary>Neither a uuid nor a name was given.</summary>
    IdentifierMissing = 13,
    /// <summary>The resource is protected or the caller may not do this.</summary>
    NotAllowed = 14,
    /// <summary>The resource is in use by another.</summary>
    Attached = 15,
    /// <summary>The request could not be read.</summary>
    Malformed = 16,
    /// <summary>Two members were given of which only one may be.</summary>
    NotBoth = 17,
    /// <summary>The service cannot be added to the group.</summary>
    CannotAddService = 18,
    /// <summary>A quota is exceeded.</summary>
    Quota = 19,
    /// <summary>The guest does not boot with this little memory.</summary>
    GuestMemoryTooSmall = 20,
    /// <summary>The resource is not attached.</summary>
    NotAttached = 21,
    /// <summary>A value is longer than is allowed.</summary>
    TooLong = 22,
    /// <summary>The name is taken.</summary>
    AlreadyExists = 23,
    /// <summary>The resource exists and cannot be used for this.</summary>
    CannotBeUsed = 24,
    /// <summary>The instance belongs to an autoscale group.</summary>
    AutoscaleInstance = 25,
    /// <summary>Autoscale is configured already.</summary>
    AutoscaleConfigured = 26,
    /// <summary>Autoscale is not configured.</summary>
    AutoscaleNotConfigured = 27,
    /// <summary>Autoscale is disabled.</summary>
    AutoscaleDisabled = 28,
    /// <summary>The autoscale size is out of range.</summary>
    AutoscaleSize = 29,
    /// <summary>The certificate's common name does not match.</summary>
    CertificateMismatch = 30,
}
