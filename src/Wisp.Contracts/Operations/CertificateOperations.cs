using Wisp.Contracts.Operations.Shapes;

namespace Wisp.Contracts.Operations;

/// <summary>Certificates.</summary>
internal static class CertificateOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("POST", "/certificates", "createCertificate", "Stores a certificate.")
        {
            Body = Shape.Of("CreateCertificate", Member.Text("name"), Member.Text("cn"), Member.Text("common_name"), Member.Text("chain").Needed(), Member.Text("pkey").Needed()),
            Bulk = true,
            Key = "certificates",
            Answer = WireJson.Default.EnvelopeCertificatesData,
        },
        new("GET", "/certificates", "getCertificates", "Shows certificates.")
        {
            Query = CommonShapes.List,
            Key = "certificates",
            Answer = WireJson.Default.EnvelopeCertificatesData,
        },
        new("GET", "/certificates/{uuid}", "getCertificateByUuid", "Shows a certificate.")
        {
            Query = [Member.Boolean("details", "false leaves name and uuid")],
            Key = "certificates",
            Answer = WireJson.Default.EnvelopeCertificatesData,
        },
        new("PUT", "/certificates", "updateCertificates", "Replaces chain and key of certificates.")
        {
            Body = Shape.About("UpdateCertificate", [Member.Text("chain").Needed(), Member.Text("pkey").Needed()]),
            Bulk = true,
            Key = "certificates",
            Answer = WireJson.Default.EnvelopeCertificatesData,
            Aliases = ["PATCH /certificates"],
        },
        new("PUT", "/certificates/{uuid}", "updateCertificateByUuid", "Replaces chain and key of a certificate.")
        {
            Body = Shape.Of("UpdateCertificateByUuid", [Member.Text("chain").Needed(), Member.Text("pkey").Needed()]),
            Key = "certificates",
            Answer = WireJson.Default.EnvelopeCertificatesData,
            Aliases = ["PATCH /certificates/{uuid}"],
        },
        new("DELETE", "/certificates", "deleteCertificates", "Removes certificates.")
        {
            Body = CommonShapes.Reference,
            Bulk = true,
            Key = "certificates",
            Answer = WireJson.Default.EnvelopeCertificatesData,
        },
        new("DELETE", "/certificates/{uuid}", "deleteCertificateByUuid", "Removes a certificate.")
        {
            Key = "certificates",
            Answer = WireJson.Default.EnvelopeCertificatesData,
        },
    ];
}
