using Wisp.Certificates;
using Wisp.Platform.Accounts;
using Wisp.Platform.Naming;
using Wisp.Platform.Records;

namespace Wisp.Platform.Certificates;

/// <inheritdoc cref="ICertificateService"/>
internal sealed class CertificateService(AccountView owned, Catalogue catalogue, RecordStore records, CertificateShelf shelf, TimeProvider time) : ICertificateService
{
    /// <summary>How many an account may have.</summary>
    public const int Most = 1000;

    /// <inheritdoc/>
    public async Task<Result<CertificateView>> CreateAsync(CreateCertificate request, CancellationToken cancellation)
    {
        if (request.Name is { } given && !ResourceName.TryParse(given, out _, out var error))
        {
            return error;
        }

        if (CheckHost(request.CommonName) is { } broken)
        {
            return broken;
        }

        var host = Host(request.CommonName);
        if (CertificateReader.Read(host, request.Chain, request.Key, time.GetUtcNow()).Failed(out error, out var certificate))
        {
            return error;
        }

        using var turn = await catalogue.ChangeAsync(cancellation);
        var name = request.Name?.ToLowerInvariant() ?? NameGenerator.ForCertificate(host);
        if (owned.FindCertificate(ResourceRef.To(name)).IsSuccess)
        {
            return new WispError(ErrorCode.AlreadyExists, $"A certificate with the name '{name}' already exists", "Choose another name, or replace that one: wisp certificates edit " + name);
        }

        if (owned.Certificates.Count() >= Most)
        {
            return new WispError(ErrorCode.TooMany, $"There are {Most} certificates already.", "Delete those that no service group uses: wisp certificates list");
        }

        return await PutAsync(
            new CertificateRecord
            {
                Uuid = Guid.NewGuid(), Name = name, Account = owned.Account, CreatedAt = time.GetUtcNow(), CommonName = host, Chain = request.Chain, Key = request.Key,
            },
            certificate);
    }

    /// <inheritdoc/>
    public IReadOnlyList<CertificateView> List() => [.. owned.Certificates.OrderBy(certificate => certificate.CreatedAt).Select(View)];

    /// <inheritdoc/>
    public Result<CertificateView> Find(ResourceRef reference) => owned.FindCertificate(reference).Failed(out var error, out var record) ? error : View(record);

    /// <inheritdoc/>
    public async Task<Result<CertificateView>> ReplaceAsync(ResourceRef reference, string chain, string key, CancellationToken cancellation)
    {
        using var turn = await catalogue.ChangeAsync(cancellation);
        return owned.FindCertificate(reference).Failed(out var error, out var record) ? error
            : record.Automatic is not null ? new WispError(
                ErrorCode.NotAllowed, $"Certificate '{record.Name}' is an automatic one, which renews itself; user-uploaded ones only can be replaced.",
                $"Upload another and name it for the domain: wisp certificates create --cn {record.CommonName}. --chain FILE --pkey FILE")
            : CertificateReader.Read(record.CommonName, chain, key, time.GetUtcNow()).Failed(out error, out var certificate) ? error
            : await PutAsync(record with { Chain = chain, Key = key }, certificate);
    }

    /// <inheritdoc/>
    public async Task<Result<CertificateView>> DeleteAsync(ResourceRef reference, CancellationToken cancellation)
    {
        using var turn = await catalogue.ChangeAsync(cancellation);
        if (owned.FindCertificate(reference).Failed(out var error, out var record))
        {
            return error;
        }

        var view = View(record);
        if (view.ServiceGroups is [var first, ..])
        {
            return new WispError(
                ErrorCode.Attached,
                $"Certificate '{record.Name}' is presented by {view.ServiceGroups.Count} service groups, such as '{first.Name}'.",
                $"Give their domains another one, or delete the groups first: wisp services delete {first.Name}");
        }

        if ((await records.CommitAsync(RecordStore.Delete(record))).Failed(out error))
        {
            return error;
        }

        catalogue.RemoveCertificate(record.Uuid);
        shelf.Remove(record.Uuid);
        return view;
    }

    private async Task<Result<CertificateView>> PutAsync(CertificateRecord record, ServerCertificate certificate)
    {
        if ((await records.CommitAsync(RecordStore.Put(record))).Failed(out var error))
        {
            return error;
        }

        shelf.Put(record.Uuid, certificate, isChosen: true);
        catalogue.Put(record);
        return View(record);
    }

    private CertificateView View(CertificateRecord record)
    {
        var certificate = shelf.Get(record.Uuid);
        return new CertificateView
        {
            Uuid = record.Uuid,
            Name = record.Name,
            CreatedAt = record.CreatedAt,
            CommonName = record.CommonName,
            Subject = certificate?.Subject,
            Issuer = certificate?.Issuer,
            SerialNumber = certificate?.SerialNumber,
            NotBefore = certificate?.NotBefore,
            NotAfter = certificate?.NotAfter,
            State = certificate is not null && time.GetUtcNow() < certificate.NotAfter ? CertificateState.Valid
                : record.Automatic is not null && certificate is null ? CertificateState.Pending
                : CertificateState.Error,
            Validation = record.Automatic is { } automatic && (certificate is null || automatic.Attempt > 0) ? (automatic.Attempt, automatic.Next, automatic.Reason) : null,
            ServiceGroups = [.. owned.Groups.Where(group => group.Certificates.ContainsValue(record.Uuid)).OrderBy(group => group.CreatedAt).Select(group => (group.Uuid, group.Name))],
        };
    }

    private static WispError? CheckHost(string commonName) =>
        DomainName.Check(commonName.StartsWith("*.", StringComparison.Ordinal) ? commonName[2..] : commonName);

    private static string Host(string commonName) => commonName.TrimEnd('.').ToLowerInvariant();
}
