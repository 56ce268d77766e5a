namespace Wisp.Layout;

/// <summary>What a running wispd writes into its data directory, and what <c>wisp status -o json</c> shows.</summary>
/// <param name="Endpoint">Base URL of the API, e.g. <c>http://127.0.0.1:7077</c>.</param>
/// <param name="TokenFile">File that holds the bearer token.</param>
/// <param name="Accelerator"><c>kvm</c> or <c>tcg</c>.</param>
/// <param name="AcceleratorReason">Why that one, in plain words.</param>
/// <param name="Pid">Process id of wispd.</param>
/// <param name="DataDir">The data directory.</param>
/// <param name="Version">wispd's version.</param>
/// <param name="StartedAt">Since when it serves.</param>
public sealed record DaemonRecord(
    string Endpoint, string TokenFile, string Accelerator, string AcceleratorReason, int Pid, string DataDir, string Version, DateTimeOffset StartedAt = default);
