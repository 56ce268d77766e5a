using Microsoft.Extensions.Logging;

namespace Wisp.Machines;

/// <summary>Log messages of the engine; event ids 3000–3099.</summary>
internal static partial class MachineLog
{
    [LoggerMessage(3000, LogLevel.Warning, "Machine {Id} runs without the limit {Missing}")]
    public static partial void LimitMissing(this ILogger logger, Guid id, string missing);

    [LoggerMessage(3001, LogLevel.Warning, "Machine {Id}: its guest sent something unreadable ({Kind}); such are ignored")]
    public static partial void Unreadable(this ILogger logger, Guid id, Wisp.GuestProtocol.FrameKind kind);

    [LoggerMessage(3002, LogLevel.Error, "Machine {Id}: following it failed")]
    public static partial void FollowFailed(this ILogger logger, Exception exception, Guid id);

    [LoggerMessage(3003, LogLevel.Warning, "Trimming the console of {Path} failed: {Reason}")]
    public static partial void TrimFailed(this ILogger logger, string path, string reason);

    [LoggerMessage(3004, LogLevel.Warning, "Machine {Id}: something of it is left behind: {Reason}")]
    public static partial void CleanUpFailed(this ILogger logger, Guid id, string reason);

    [LoggerMessage(3005, LogLevel.Warning, "No VMM could be got ready for guests of {MemoryMib} MiB and {Vcpus} vCPUs: {Error}")]
    public static partial void NoBlank(this ILogger logger, int memoryMib, int vcpus, WispError error);

    [LoggerMessage(3006, LogLevel.Warning, "Machine {Id}: its guest did not say that it is prepared; it is captured all the same")]
    public static partial void Unprepared(this ILogger logger, Guid id);

    [LoggerMessage(3007, LogLevel.Information, "Machine {Id}: writes cannot be watched ({Reason}); it stands still while all of its memory is copied")]
    public static partial void NoPrecopy(this ILogger logger, Guid id, string reason);

    [LoggerMessage(3008, LogLevel.Warning, "Machine {Id}: its guest did not say within {Seconds} s that it has taken over who it is")]
    public static partial void NoIdentity(this ILogger logger, Guid id, double seconds);

    [LoggerMessage(3009, LogLevel.Warning, "Machine {Id}: its guest asks faster than it is heard; what is too much is ignored")]
    public static partial void TooTalkative(this ILogger logger, Guid id);

    [LoggerMessage(3010, LogLevel.Error, "Getting VMMs ready failed")]
    public static partial void FillFailed(this ILogger logger, Exception exception);

    [LoggerMessage(3011, LogLevel.Debug, "VMM {Id} is ready for a guest of {MemoryMib} MiB and {Vcpus} vCPUs")]
    public static partial void BlankReady(this ILogger logger, Guid id, int memoryMib, int vcpus);

    [LoggerMessage(3012, LogLevel.Debug, "VMM {Id}, which had no guest, is ended")]
    public static partial void BlankEnded(this ILogger logger, Guid id);

    [LoggerMessage(3013, LogLevel.Warning, "Machine {Id}: its record is older than it is and cannot be renewed: {Reason}")]
    public static partial void NotRenewed(this ILogger logger, Guid id, string reason);

    [LoggerMessage(3014, LogLevel.Warning, "Machine {Id}: its guest has said nothing for {Seconds} s; its channel is opened anew")]
    public static partial void Silent(this ILogger logger, Guid id, double seconds);
}
