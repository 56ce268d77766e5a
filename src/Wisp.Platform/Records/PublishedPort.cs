using Wisp.Platform.Services;

namespace Wisp.Platform.Records;

/// <summary>A port of a group and the gateway route that serves it.</summary>
internal sealed record PublishedPort(Guid Route, ServicePort Service);
