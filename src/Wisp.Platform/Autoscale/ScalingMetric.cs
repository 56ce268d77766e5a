namespace Wisp.Platform.Autoscale;

/// <summary>What a step policy measures.</summary>
public enum ScalingMetric
{
    /// <summary>Processor time of an instance in thousandths of a processor, on average.</summary>
    Cpu,
    /// <summary>Requests and connections that are open, of all instances together.</summary>
    InflightReqs,
    /// <summary>Requests and connections that came in a second, to all instances together.</summary>
    ReqsPerSec,
}
