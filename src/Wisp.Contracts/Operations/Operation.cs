using System.Text.Json.Serialization.Metadata;

namespace Wisp.Contracts.Operations;

/// <summary>One operation of the API: what a client sends, what it gets, and how far this server carries it out.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path below <c>/v1</c>.</param>
/// <param name="Id">Its id in the platform API; clients name their methods after it.</param>
/// <param name="Summary">What it does, in one sentence.</param>
public sealed record Operation(string Method, string Path, string Id, string Summary)
{
    /// <summary>Whose API it belongs to.</summary>
    public OperationPlane Plane { get; init; } = OperationPlane.Platform;

    /// <summary>What a token must be allowed for it.</summary>
    public Role Needs { get; init; } = Method == "GET" ? Role.Read : Role.Write;

    /// <summary>The object that its body holds; null when it has none.</summary>
    public Shape? Body { get; init; }

    /// <summary>True when the body names what it is about, so that an array of objects is about several.</summary>
    public bool Bulk { get; init; }

    /// <summary>What its query may hold.</summary>
    public IReadOnlyList<Member> Query { get; init; } = [];

    /// <summary>The one list in the data of its answer; null when the data is an object.</summary>
    public string? Key { get; init; }

    /// <summary>The envelope that it answers.</summary>
    public required JsonTypeInfo Answer { get; init; }

    /// <summary>Other spellings that mean the same, as <c>POST /instances/suspend</c>.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>How far this server carries it out.</summary>
    public SupportLevel Support { get; init; }

    /// <summary>In what it differs, or what is missing.</summary>
    public string? Note { get; init; }
}
