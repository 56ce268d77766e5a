namespace Wisp.Platform.Audit;

/// <summary>What happened in one account, as far back as is kept. Thread-safe.</summary>
public interface IAuditTrail
{
    /// <summary>Completes with the next event; take it before <see cref="After"/>, so that nothing slips through.</summary>
    Task Next { get; }

    /// <summary>What came after an event.</summary>
    /// <param name="id">The event's id; null for what comes from now on.</param>
    AuditPage After(long? id);

    /// <summary>Takes a place among those who follow, until it is disposed; <see cref="ErrorCode.TooMany"/> when all are taken.</summary>
    Result<IDisposable> Follow();
}
