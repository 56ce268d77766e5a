namespace Wisp.Certificates.Acme;

/// <summary>A certificate as an authority issues it.</summary>
/// <param name="Chain">Certificates in PEM, that of the server first.</param>
/// <param name="Key">Its private key in PEM.</param>
public sealed record IssuedCertificate(string Chain, string Key)
{
    /// <inheritdoc/>
    // The key stays out of whatever prints it.
    public override string ToString() => "issued certificate";
}
