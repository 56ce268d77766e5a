using Microsoft.Extensions.Logging;

namespace Wisp.Platform.Instances;

/// <summary>Log messages about instances; event ids 2000–2099.</summary>
internal static partial class InstanceLog
{
    [LoggerMessage(2000, LogLevel.Information, "Instance {Name} ({Uuid}): {Previous} -> {State}")]
    public static partial void StateChanged(this ILogger logger, string name, Guid uuid, InstanceState previous, InstanceState state);

    [LoggerMessage(2001, LogLevel.Warning, "Instance {Name} ({Uuid}) could not be started: {Error}")]
    public static partial void StartFailed(this ILogger logger, string name, Guid uuid, WispError error);

    [LoggerMessage(2002, LogLevel.Warning, "Instance {Name} ({Uuid}) ended: {Cause}, exit code {ExitCode}. {Detail}")]
    public static partial void Ended(this ILogger logger, string name, Guid uuid, Wisp.Machines.MachineExitCause cause, int? exitCode, string? detail);

    [LoggerMessage(2003, LogLevel.Error, "Instance {Name} ({Uuid}): {What} failed: {Error}")]
    public static partial void Trouble(this ILogger logger, string name, Guid uuid, string what, WispError error);

    [LoggerMessage(2004, LogLevel.Error, "Instance {Name} ({Uuid}): background work failed")]
    public static partial void WorkFailed(this ILogger logger, Exception exception, string name, Guid uuid);

    [LoggerMessage(2005, LogLevel.Information, "Instance {Name} ({Uuid}) adopted, {State}")]
    public static partial void Adopted(this ILogger logger, string name, Guid uuid, InstanceState state);

    [LoggerMessage(2006, LogLevel.Warning, "Instance {Name} ({Uuid}) listens on port {Port} of the loopback address only; nothing outside can reach it. Let it listen on 0.0.0.0.")]
    public static partial void LoopbackOnly(this ILogger logger, string name, Guid uuid, int port);

    [LoggerMessage(2007, LogLevel.Warning, "Instance {Name} ({Uuid}) boots, because boot snapshot {Snapshot} cannot be restored: {Error}")]
    public static partial void BootsInstead(this ILogger logger, string name, Guid uuid, Guid snapshot, WispError error);

    [LoggerMessage(2008, LogLevel.Warning, "Instance {Name} ({Uuid}) runs, but has no boot snapshot; others like it will boot: {Error}")]
    public static partial void NoBootSnapshot(this ILogger logger, string name, Guid uuid, WispError error);

    [LoggerMessage(2009, LogLevel.Warning, "Instance {Name} ({Uuid}): its guest was frozen unprepared: {Trouble}")]
    public static partial void HookTrouble(this ILogger logger, string name, Guid uuid, string trouble);

    [LoggerMessage(2010, LogLevel.Warning, "Instance {Name} ({Uuid}) sleeps on in memory, because it cannot be frozen to disk: {Error}")]
    public static partial void NotHibernated(this ILogger logger, string name, Guid uuid, WispError error);

    [LoggerMessage(2011, LogLevel.Information, "Instance {Name} ({Uuid}) sleeps on disk, in {Bytes} bytes")]
    public static partial void Hibernated(this ILogger logger, string name, Guid uuid, long bytes);

    [LoggerMessage(2012, LogLevel.Warning, "Instance {Name} ({Uuid}) asked for a fork and was refused; said once a minute for it and its relatives: {Error}")]
    public static partial void NotForked(this ILogger logger, string name, Guid uuid, WispError error);

    [LoggerMessage(2014, LogLevel.Error, "The network does not know who may reach {Names}: {Error}")]
    public static partial void NotRegrouped(this ILogger logger, string names, WispError error);

    [LoggerMessage(2013, LogLevel.Information, "Instance {Name} ({Uuid}) depends on {Dependency} no more, which is gone")]
    public static partial void DependencyGone(this ILogger logger, string name, Guid uuid, string dependency);
}
