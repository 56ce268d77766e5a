namespace Wisp.Contracts.Operations;

/// <summary>What Wisp adds to the platform API.</summary>
internal static class WispOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/snapshots", "getSnapshots", "Shows the files of frozen machines.")
        {
            Plane = OperationPlane.Wisp,
            Query = [Member.Texts("uuid")],
            Key = "snapshots",
            Answer = WireJson.Default.EnvelopeSnapshotsData,
        },
        new("GET", "/snapshots/{uuid}", "getSnapshotByUuid", "Shows the files of one frozen machine.")
        {
            Plane = OperationPlane.Wisp,
            Key = "snapshots",
            Answer = WireJson.Default.EnvelopeSnapshotsData,
        },
        new("POST", "/snapshots/gc", "collectSnapshots", "Removes the files that nothing needs.")
        {
            Needs = Role.Admin,
            Plane = OperationPlane.Wisp,
            Key = "snapshots",
            Answer = WireJson.Default.EnvelopeSnapshotsData,
        },
    ];
}
