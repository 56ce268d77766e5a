namespace Wisp.Cli.Commands.Demo;

/// <summary>How long checkpoint, rewind and branch took; the last two up to the new instance's first answer.</summary>
/// <param name="CheckpointMs">The checkpoint.</param>
/// <param name="RewindMs">The instance from it.</param>
/// <param name="BranchMs">The branch.</param>
internal sealed record DemoMoments(double CheckpointMs, double RewindMs, double BranchMs);
