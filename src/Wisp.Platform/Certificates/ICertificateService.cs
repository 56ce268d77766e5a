namespace Wisp.Platform.Certificates;

/// <summary>Certificates of domains: those that people upload, and those that the node gets by itself. Thread-safe.</summary>
public interface ICertificateService
{
    /// <summary>
    /// Keeps a certificate. Refused with <see cref="ErrorCode.InvalidValue"/> when it cannot be read, has expired or does not go with its key;
    /// with <see cref="ErrorCode.CertificateMismatch"/> when it is for other hosts; with <see cref="ErrorCode.AlreadyExists"/>.
    /// </summary>
    Task<Result<CertificateView>> CreateAsync(CreateCertificate request, CancellationToken cancellation);

    /// <summary>All of them, oldest first.</summary>
    IReadOnlyList<CertificateView> List();

    /// <summary>One; <see cref="ErrorCode.NotFound"/>.</summary>
    Result<CertificateView> Find(ResourceRef reference);

    /// <summary>
    /// Replaces chain and key by others for the same host (<see cref="ErrorCode.CertificateMismatch"/> otherwise). Handshakes from now on get
    /// the new one; connections that are open stay open. Refused with <see cref="ErrorCode.NotAllowed"/> for one that the node got by itself.
    /// </summary>
    Task<Result<CertificateView>> ReplaceAsync(ResourceRef reference, string chain, string key, CancellationToken cancellation);

    /// <summary>Removes one; refused with <see cref="ErrorCode.Attached"/> while a group presents it.</summary>
    Task<Result<CertificateView>> DeleteAsync(ResourceRef reference, CancellationToken cancellation);
}
