namespace Wisp.Contracts.Operations;

/// <summary>A member of a request.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it may hold.</param>
public sealed record Member(string Name, MemberType Type)
{
    /// <summary>What it means, where its name does not say it.</summary>
    public string? Summary { get; init; }

    /// <summary>True when a request without it is refused.</summary>
    public bool Required { get; init; }

    /// <summary>The object, where it holds one or several.</summary>
    public Shape? Of { get; init; }

    /// <summary>The values that it may have, where they are a closed set.</summary>
    public IReadOnlyList<string> OneOf { get; init; } = [];

    internal static Member Text(string name, string? summary = null) => new(name, MemberType.Text) { Summary = summary };

    internal static Member Word(string name, params string[] words) => new(name, MemberType.Text) { OneOf = words };

    internal static Member Integer(string name, string? summary = null) => new(name, MemberType.Integer) { Summary = summary };

    internal static Member Boolean(string name, string? summary = null) => new(name, MemberType.Boolean) { Summary = summary };

    internal static Member Texts(string name, string? summary = null) => new(name, MemberType.Texts) { Summary = summary };

    internal static Member Map(string name, string? summary = null) => new(name, MemberType.Map) { Summary = summary };

    internal static Member Any(string name, string? summary = null) => new(name, MemberType.Any) { Summary = summary };

    internal static Member Object(string name, Shape of, string? summary = null) => new(name, MemberType.Object) { Of = of, Summary = summary };

    internal static Member Objects(string name, Shape of, string? summary = null) => new(name, MemberType.Objects) { Of = of, Summary = summary };

    internal static Member TextOrObject(string name, Shape of, string? summary = null) => new(name, MemberType.TextOrObject) { Of = of, Summary = summary };

    internal Member Needed() => this with { Required = true };
}
