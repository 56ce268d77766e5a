using Wisp.Contracts.Operations;

namespace Wisp.Api.Tests.Catalogue;

/// <summary>How an operation is asked so that it succeeds, fails for an item, for one of two, and as a whole. What is null follows from the catalogue.</summary>
/// <param name="Id">The operation.</param>
/// <param name="On">What it is about when it succeeds.</param>
/// <param name="Members">What it needs beside that, as members of its body.</param>
internal sealed record OperationCase(string Id, string? On = null, string Members = "")
{
    private const string Absent = "7f0c1d3e-0000-4000-8000-000000000000";

    /// <summary>A body that succeeds, where it is not a reference with <see cref="Members"/>.</summary>
    public string? Body { get; init; }

    /// <summary>A body that fails for its only item.</summary>
    public string? FailingBody { get; init; }

    /// <summary>What the query needs, such as <c>timeout_s=0</c>.</summary>
    public string Query { get; init; } = "";

    /// <summary>The code of the failing item: what is not there, mostly.</summary>
    public int Code { get; init; } = 8;

    /// <summary>Why no single item of it can fail; null when one can.</summary>
    public string? NoItem { get; init; }

    /// <summary>Why there is no success among failures; null when there is.</summary>
    public string? NoPart { get; init; }

    /// <summary>Why it never succeeds; null when it does.</summary>
    public string? NoSuccess { get; init; }

    /// <summary>The operation as the catalogue has it.</summary>
    public Operation Operation => OperationCatalogue.Find(Id);

    private bool IsByUuid => Operation.Path.Contains("{uuid}", StringComparison.Ordinal);

    /// <summary>A request that is carried out.</summary>
    public (string Path, string? Body) Success() => Ask(On is null ? null : "@" + On, Body);

    /// <summary>A request of which every item fails.</summary>
    public (string Path, string? Body) Failure() => Ask(Absent, FailingBody);

    /// <summary>A request of two items, of which the second fails.</summary>
    public (string Path, string? Body) Part()
    {
        var (path, body) = Success();
        return body is null ? (path.Replace("@" + On, $"@{On},{Absent}", StringComparison.Ordinal), null) : (path, $"[{Inner(body)},{Inner(Failure().Body!)}]");
    }

    /// <summary>A request that is refused as a whole.</summary>
    public (string Path, string? Body) Refusal() => (Success().Path, "[17]");

    private (string Path, string? Body) Ask(string? uuid, string? body)
    {
        var path = Operation.Path.Replace("{uuid}", uuid ?? Absent, StringComparison.Ordinal).Replace("{name}", "policy", StringComparison.Ordinal).Replace("{cloudprovider}", "manual", StringComparison.Ordinal);
        var names = !IsByUuid && uuid is not null && body is null;
        var query = string.Join('&', ((string[])[names && Operation.Body is null ? $"uuid={uuid}" : "", Query]).Where(part => part.Length > 0));
        body ??= Operation.Body is null ? null : names ? $$"""[{"uuid":"{{uuid}}"{{(Members.Length > 0 ? "," : "")}}{{Members}}}]""" : $$"""{{{Members}}}""";
        return ((Operation.Plane == OperationPlane.ControlPlane ? "/controlplane/v1" : "/v1") + path + (query.Length > 0 ? "?" + query : ""), body);
    }

    private static string Inner(string body) => body.StartsWith('[') ? body[1..^1] : body;
}
