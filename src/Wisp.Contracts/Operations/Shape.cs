namespace Wisp.Contracts.Operations;

/// <summary>An object of a request. What it does not list is refused.</summary>
/// <param name="Name">Name of the shape.</param>
/// <param name="Members">Its members.</param>
public sealed record Shape(string Name, IReadOnlyList<Member> Members)
{
    internal static Shape Of(string name, params Member[] members) => new(name, members);

    /// <summary>The same about a resource that the object itself names.</summary>
    internal static Shape About(string name, params Member[] members) => new(name, [.. Shapes.CommonShapes.Reference.Members, .. members]);
}
