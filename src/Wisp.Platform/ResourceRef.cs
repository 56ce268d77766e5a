namespace Wisp.Platform;

/// <summary>Points at a resource by uuid or by name; exactly one is set.</summary>
/// <param name="Uuid">The uuid, or null.</param>
/// <param name="Name">The name, or null.</param>
public readonly record struct ResourceRef(Guid? Uuid, string? Name)
{
    /// <summary>A reference by uuid.</summary>
    public static ResourceRef To(Guid uuid) => new(uuid, null);

    /// <summary>A reference by name.</summary>
    public static ResourceRef To(string name) => new(null, name);

    /// <summary>As messages show it: <c>uuid '…'</c> or <c>name '…'</c>.</summary>
    public override string ToString() => Uuid is { } uuid ? $"uuid '{uuid}'" : $"name '{Name}'";
}
