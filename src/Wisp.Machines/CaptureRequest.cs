namespace Wisp.Machines;

/// <summary>How a machine is to be captured.</summary>
public sealed record CaptureRequest
{
    /// <summary>Where its pages go: a new file, packed. Not synced.</summary>
    public required string MemoryPath { get; init; }

    /// <summary>Where its device state goes: a new file. Not synced.</summary>
    public required string DevicesPath { get; init; }

    /// <summary>
    /// What the application's hook (<c>/etc/wisp/hooks/before-snapshot</c>) may take; zero leaves the guest unprepared. A guest that
    /// does not answer is captured all the same.
    /// </summary>
    public TimeSpan PrepareTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>True copies most pages before the machine is stopped, so that it stands still for milliseconds only.</summary>
    public bool Precopy { get; init; }

    /// <summary>True has it run on afterwards; false leaves it paused.</summary>
    public bool RunOn { get; init; }
}
