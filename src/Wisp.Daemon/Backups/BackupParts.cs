namespace Wisp.Daemon.Backups;

/// <summary>What is taken along beside the state.</summary>
/// <param name="Images">Images, without which no instance starts.</param>
/// <param name="Snapshots">Frozen machines, without which what sleeps deeply, templates and checkpoints have no memory.</param>
internal sealed record BackupParts(bool Images, bool Snapshots)
{
    public IReadOnlyList<string> Words => [.. Images ? ["images"] : Array.Empty<string>(), .. Snapshots ? ["snapshots"] : Array.Empty<string>()];

    /// <summary>Reads <c>images,snapshots</c>.</summary>
    public static Result<BackupParts> Parse(string? text)
    {
        var words = (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return words.FirstOrDefault(word => word is not ("images" or "snapshots")) is { } unknown
            ? new WispError(ErrorCode.InvalidValue, $"'{unknown}' is nothing that a backup can take along.", "Use --with images, --with snapshots or --with images,snapshots.")
            : new BackupParts(words.Contains("images", StringComparer.Ordinal), words.Contains("snapshots", StringComparer.Ordinal));
    }
}
