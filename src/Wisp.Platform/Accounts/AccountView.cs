using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Platform.Instances.Retention;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Records;

namespace Wisp.Platform.Accounts;

/// <summary>The catalogue as one account sees it: what belongs to another is not there.</summary>
internal sealed class AccountView(Catalogue catalogue, Guid account)
{
    /// <summary>Whose it is.</summary>
    public Guid Account => account;

    public IEnumerable<InstanceSupervisor> Instances => catalogue.Instances.Values.Where(instance => instance.Record.Account == account);

    /// <inheritdoc cref="Catalogue.InstanceRecords"/>
    public IEnumerable<InstanceRecord> InstanceRecords => catalogue.InstanceRecords.Where(record => record.Account == account);

    public IEnumerable<ServiceGroupRecord> Groups => catalogue.Groups.Values.Where(group => group.Account == account);

    public IEnumerable<CertificateRecord> Certificates => catalogue.Certificates.Values.Where(certificate => certificate.Account == account);

    public IEnumerable<FrozenRecord> Frozen => catalogue.Frozen.Values.Where(frozen => frozen.Account == account);

    public Result<InstanceSupervisor> FindInstance(ResourceRef reference) =>
        (reference.Uuid is { } uuid
            ? catalogue.Instances.GetValueOrDefault(uuid) is { } any && any.Record.Account == account ? any : null
            : Instances.FirstOrDefault(instance => string.Equals(instance.Record.Name, reference.Name, StringComparison.OrdinalIgnoreCase)))
        // One that became a template just now is an instance no more, though it is still being taken out of here.
        is { State: not InstanceState.Template } found
            ? found
            : Catalogue.NoInstance(reference);

    /// <summary>A deleted instance that is kept. Its name is free, so only its uuid leads to it.</summary>
    public RetainedInstance? FindRetained(ResourceRef reference) =>
        reference.Uuid is { } uuid && catalogue.Retained.GetValueOrDefault(uuid) is { } any && any.Instance.Account == account ? any : null;

    public Result<ServiceGroupRecord> FindGroup(ResourceRef reference) =>
        (reference.Uuid is { } uuid
            ? catalogue.Groups.GetValueOrDefault(uuid) is { } any && any.Account == account ? any : null
            : Groups.FirstOrDefault(group => string.Equals(group.Name, reference.Name, StringComparison.OrdinalIgnoreCase)))
        is { } found
            ? found
            : new WispError(ErrorCode.NotFound, $"No service group with {reference}", "See them with 'wisp services list'.");

    public Result<CertificateRecord> FindCertificate(ResourceRef reference) =>
        (reference.Uuid is { } uuid
            ? catalogue.Certificates.GetValueOrDefault(uuid) is { } any && any.Account == account ? any : null
            : Certificates.FirstOrDefault(certificate => string.Equals(certificate.Name, reference.Name, StringComparison.OrdinalIgnoreCase)))
        is { } found
            ? found
            : new WispError(ErrorCode.NotFound, $"No certificate with {reference}", "See them with 'wisp certificates list'.");

    public Result<FrozenRecord> FindFrozen(FrozenKind kind, ResourceRef reference) =>
        (reference.Uuid is { } uuid
            ? catalogue.Frozen.GetValueOrDefault(uuid) is { } any && any.Kind == kind && any.Account == account ? any : null
            : Frozen.FirstOrDefault(frozen => frozen.Kind == kind && string.Equals(frozen.Name, reference.Name, StringComparison.OrdinalIgnoreCase)))
        is { } found
            ? found
            : Catalogue.NoFrozen(kind, reference);
}
