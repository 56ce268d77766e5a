namespace Wisp.Platform.Records;

/// <summary>Why an instance is stopped.</summary>
/// <param name="Reason">Bit mask (platform API, "stop_reason bit mask").</param>
/// <param name="ExitCode">The application's, where known.</param>
/// <param name="Code">The kernel's or platform's code, where there is one.</param>
/// <param name="Detail">In words.</param>
internal sealed record StopInfo(int Reason, int? ExitCode, int? Code, string? Detail);
