using Wisp.Gateway.Observing;

namespace Wisp.Platform.Services;

/// <summary>What a service group is asked and serves at one moment.</summary>
/// <param name="Uuid">Its uuid.</param>
/// <param name="Name">Its name.</param>
/// <param name="Domains">The full names that it answers to.</param>
/// <param name="Traffic">What goes through the gateway for it.</param>
/// <param name="Instances">Its instances.</param>
/// <param name="Awake">Those of them that take traffic at once.</param>
public sealed record ServiceMeasurements(Guid Uuid, string Name, IReadOnlyList<string> Domains, ServiceTraffic Traffic, int Instances, int Awake);
