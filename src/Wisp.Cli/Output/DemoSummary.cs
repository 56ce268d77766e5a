namespace Wisp.Cli.Output;

/// <summary>What <c>wisp demo</c> ends with.</summary>
internal sealed record DemoSummary
{
    public required string Url { get; init; }

    public required string Instance { get; init; }

    /// <summary>From start to running, in milliseconds; null where nothing was booted.</summary>
    public double? BootMs { get; init; }

    /// <summary>True when it went on from where an earlier start of its image was frozen.</summary>
    public required bool Restored { get; init; }

    /// <summary>True when the instance is one of an earlier run, and so is its boot.</summary>
    public required bool Reused { get; init; }

    /// <summary>Time to the first byte of the first answer, in milliseconds.</summary>
    public required double FirstAnswerMs { get; init; }

    /// <summary>How many sleeping instances were asked for an answer.</summary>
    public required int Wakes { get; init; }

    public required double WakeP50Ms { get; init; }

    public required double WakeP99Ms { get; init; }

    /// <summary>How long a checkpoint took; null where the application does not count requests, by which it is shown.</summary>
    public double? CheckpointMs { get; init; }

    /// <summary>From the checkpoint to the first answer of an instance made from it.</summary>
    public double? RewindMs { get; init; }

    /// <summary>From the running instance to the first answer of a branch of it.</summary>
    public double? BranchMs { get; init; }

    public required int MemoryMb { get; init; }

    /// <summary>What the machine really occupies, asleep; null where its process cannot be looked at.</summary>
    public double? ResidentMib { get; init; }

    public required string Accelerator { get; init; }

    public required string AcceleratorReason { get; init; }
}
