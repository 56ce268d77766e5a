namespace Wisp.Contracts.Operations;

/// <summary>Every operation there is. Routes, OpenAPI and documentation are made from it.</summary>
public static class OperationCatalogue
{
    /// <summary>All of them, resource by resource.</summary>
    public static IReadOnlyList<Operation> All { get; } =
    [
        .. InstanceOperations.All, .. FrozenOperations.All, .. ServiceOperations.All, .. AutoscaleOperations.All, .. VolumeOperations.All,
        .. CertificateOperations.All, .. ImageOperations.All, .. NodeOperations.All, .. ControlPlaneOperations.All, .. WispOperations.All, .. UserOperations.All,
    ];

    /// <summary>One by its id.</summary>
    public static Operation Find(string id) => All.Single(operation => operation.Id == id);
}
