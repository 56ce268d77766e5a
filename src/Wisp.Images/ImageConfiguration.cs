namespace Wisp.Images;

/// <summary>The parts of an OCI image configuration that running needs (OCI image-spec, "config.md").</summary>
public sealed record ImageConfiguration
{
    /// <summary>ENTRYPOINT, in exec form (a shell form is already <c>/bin/sh -c …</c>).</summary>
    public IReadOnlyList<string> Entrypoint { get; init; } = [];

    /// <summary>CMD.</summary>
    public IReadOnlyList<string> Cmd { get; init; } = [];

    /// <summary>ENV as <c>NAME=value</c>.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    /// <summary>WORKDIR, or empty.</summary>
    public string WorkingDir { get; init; } = "";

    /// <summary>USER, or empty for root.</summary>
    public string User { get; init; } = "";

    /// <summary>STOPSIGNAL as written (<c>SIGQUIT</c>, <c>3</c>), or null for SIGTERM.</summary>
    public string? StopSignal { get; init; }

    /// <summary>EXPOSEd ports, e.g. <c>8080/tcp</c>.</summary>
    public IReadOnlyList<string> ExposedPorts { get; init; } = [];

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
