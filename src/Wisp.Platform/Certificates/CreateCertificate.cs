namespace Wisp.Platform.Certificates;

/// <summary>A certificate as it is uploaded.</summary>
/// <param name="Name">Name; generated when null.</param>
/// <param name="CommonName">The host that it is for, or a wildcard.</param>
/// <param name="Chain">Certificates in PEM, that of the server first.</param>
/// <param name="Key">Its private key in PEM.</param>
public sealed record CreateCertificate(string? Name, string CommonName, string Chain, string Key)
{
    /// <inheritdoc/>
    // The key stays out of whatever prints a request.
    public override string ToString() => $"certificate for {CommonName}";
}
