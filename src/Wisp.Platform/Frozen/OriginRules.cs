using Wisp.Platform.Instances;

namespace Wisp.Platform.Frozen;

/// <summary>The rules about what a new instance begins from, and what may be said beside it. Pure.</summary>
internal static class OriginRules
{
    /// <summary>The first rule that is broken, or null.</summary>
    public static WispError? Check(CreateInstance request)
    {
        var template = request.Template is not null || request.OnDemand is not null;
        return request switch
        {
            { BranchFrom: not null } when template => Refuse("branch_from", "when creating an instance from a template"),
            { BranchFrom: not null, Image: not null } => Refuse("image", "when 'branch_from' is set"),
            { BranchFrom: not null, Checkpoint: not null } => Refuse("checkpoint", "when 'branch_from' is set"),
            { BranchFrom: not null } => CheckFrozen(request, "when branching from an existing instance"),
            _ when template && request.Checkpoint is not null => Refuse("checkpoint", "when creating an instance from a template"),
            _ when template => CheckOnDemand(request.OnDemand) ?? CheckFrozen(request, "when creating an instance from a template"),
            { Checkpoint: not null } => CheckFrozen(request, "when creating an instance from a checkpoint"),
            _ when string.IsNullOrWhiteSpace(request.Image) => new WispError(
                ErrorCode.InvalidValue, "An instance needs an 'image'.", "Name one from 'wisp images list', or build one with 'wisp build'."),
            _ => null,
        };
    }

    // What a frozen memory was made with cannot be another in its copies.
    private static WispError? CheckFrozen(CreateInstance request, string when) => request switch
    {
        { Image: not null } => Refuse("image", when),
        { Args: not null } => Refuse("args", when),
        { Env: not null } => Refuse("env", when),
        { MemoryMb: not null } => Refuse("memory_mb", when),
        { Vcpus: not null } => Refuse("vcpus", when),
        { Cold: true } => Refuse("cold", when),
        _ => null,
    };

    private static WispError? CheckOnDemand(OnDemandTemplate? wanted) => wanted?.Arguments switch
    {
        null => null,
        { Name: not null } => Foreign("name"),
        { Replicas: not 0 } => Foreign("replicas"),
        { Autostart: true } => Foreign("autostart"),
        { TimeoutS: not 0 } => Foreign("timeout_s"),
        { ServiceGroup: not null } or { NewServiceGroup: not null } => Foreign("service_group"),
        { BranchFrom: not null } => Foreign("branch_from"),
        { Checkpoint: not null } => Foreign("checkpoint"),
        { Dependencies.Count: > 0 } => Foreign("dependencies"),
        { Priority: not SchedulingPriority.Normal } => Foreign("sched_priority"),
        var arguments => Check(arguments),
    };

    private static WispError Refuse(string member, string when) =>
        new(ErrorCode.NotBoth, $"Cannot specify '{member}' {when}", "Leave it out.");

    private static WispError Foreign(string member) =>
        new(ErrorCode.NotBoth, $"Cannot specify '{member}' in 'create_args'", "They describe a template; say it of the instance.");
}
