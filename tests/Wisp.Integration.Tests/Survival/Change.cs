using System.Text.Json.Nodes;

namespace Wisp.Integration.Tests.Survival;

/// <summary>A request that is accepted, and what becomes of its resources by it.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path.</param>
/// <param name="Body">Body.</param>
/// <param name="Steps">What each of its commits leads to; a request of several items may be cut off between two of them.</param>
internal sealed record Change(HttpMethod Method, string Path, string Body, IReadOnlyList<IReadOnlyDictionary<Resource, JsonObject?>> Steps);
