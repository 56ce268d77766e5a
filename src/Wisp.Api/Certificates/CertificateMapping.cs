using Wisp.Api.Instances;
using Wisp.Contracts;
using Wisp.Contracts.Certificates;
using Wisp.Contracts.Services;
using Wisp.Platform.Certificates;

namespace Wisp.Api.Certificates;

/// <summary>Certificates of the platform in the words of the wire. The key is never among them.</summary>
internal static class CertificateMapping
{
    public static Certificate ToWire(CertificateView view) => new()
    {
        Status = ResponseStatus.Success,
        Uuid = view.Uuid.ToString(),
        Name = view.Name,
        CreatedAt = InstanceMapping.Time(view.CreatedAt),
        CommonName = view.CommonName,
        Subject = view.Subject,
        Issuer = view.Issuer,
        SerialNumber = view.SerialNumber,
        NotBefore = InstanceMapping.Time(view.NotBefore),
        NotAfter = InstanceMapping.Time(view.NotAfter),
        State = view.State switch { CertificateState.Valid => "valid", CertificateState.Pending => "pending", _ => "error" },
        Validation = view.Validation is var (attempt, next, reason) ? new CertificateValidation(attempt, InstanceMapping.Time(next), reason) : null,
        ServiceGroups = [.. view.ServiceGroups.Select(group => new ServiceGroupInstance(group.Uuid.ToString(), group.Name))],
    };
}
