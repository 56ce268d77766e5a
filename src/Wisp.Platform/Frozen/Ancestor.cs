namespace Wisp.Platform.Frozen;

/// <summary>A checkpoint that something descends from; it need not exist any more.</summary>
/// <param name="Uuid">Its uuid.</param>
/// <param name="Name">Its name.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record Ancestor(Guid Uuid, string Name, DateTimeOffset CreatedAt);
