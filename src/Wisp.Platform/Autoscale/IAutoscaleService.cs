namespace Wisp.Platform.Autoscale;

/// <summary>How the service groups of an account grow and shrink by themselves. Thread-safe.</summary>
public interface IAutoscaleService
{
    /// <summary>All groups, oldest first; those that do not scale too.</summary>
    IReadOnlyList<AutoscaleView> List();

    /// <summary>One group.</summary>
    Result<AutoscaleView> Find(ResourceRef group);

    /// <summary>Lets a group scale.</summary>
    /// <param name="group">Which one.</param>
    /// <param name="request">How.</param>
    /// <param name="change">True when it may scale already, and goes on with what it has; else that is <see cref="ErrorCode.AutoscaleConfigured"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Result<AutoscaleView>> ConfigureAsync(ResourceRef group, ConfigureAutoscale request, bool change, CancellationToken cancellation);

    /// <summary>Ends it: the instances that were added finish what they have, for the cooldown at most, and go.</summary>
    Task<Result<AutoscaleView>> RemoveAsync(ResourceRef group, CancellationToken cancellation);

    /// <summary>One more policy.</summary>
    Task<Result<AutoscaleView>> AddPolicyAsync(ResourceRef group, ScalingPolicy policy, CancellationToken cancellation);

    /// <summary>A policy.</summary>
    Result<ScalingPolicy> FindPolicy(ResourceRef group, string name);

    /// <summary>One policy less.</summary>
    Task<Result<AutoscaleView>> RemovePolicyAsync(ResourceRef group, string name, CancellationToken cancellation);
}
