namespace Wisp.Platform.Autoscale;

/// <summary>An instance of a group that serves, or will in a moment.</summary>
/// <param name="Id">Its uuid.</param>
/// <param name="IsOwn">True when autoscale made it; any other stays.</param>
/// <param name="IsStarting">True when it does not serve yet.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record Member(Guid Id, bool IsOwn, bool IsStarting, DateTimeOffset CreatedAt)
{
    /// <summary>Requests and connections that are open.</summary>
    public int InFlight { get; init; }

    /// <summary>Those that it has ever had.</summary>
    public long Served { get; init; }

    /// <summary>Those that came in a second of late.</summary>
    public double RequestsPerSecond { get; init; }

    /// <summary>Thousandths of a processor that it used of late.</summary>
    public double Millicores { get; init; }

    /// <summary>How long it has had nothing to do.</summary>
    public TimeSpan Idle { get; init; }
}
