using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Records;

namespace Wisp.Platform.Instances;

/// <summary>Makes instances that are not for their own sake.</summary>
internal interface IInstanceBuilder
{
    /// <summary>Makes the instance that becomes a template of an account; it is not started.</summary>
    Task<Result<InstanceSupervisor>> BuildAsync(Guid account, CreateInstance request, Preparation preparation, CancellationToken cancellation);
}
