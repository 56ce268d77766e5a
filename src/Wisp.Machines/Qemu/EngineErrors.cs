namespace Wisp.Machines.Qemu;

/// <summary>What can go wrong with files and VMMs, in words.</summary>
internal static class EngineErrors
{
    private const int NoSpace = 28, OverQuota = 122;

    /// <summary>Something on the host's disk is not as it has to be.</summary>
    /// <param name="what">What cannot be done, as the beginning of a sentence.</param>
    /// <param name="directory">Where, for looking at the room that is left.</param>
    /// <param name="exception">Why.</param>
    public static WispError OfFile(string what, string directory, Exception exception) => exception switch
    {
        IOException { HResult: NoSpace or OverQuota } =>
            new(ErrorCode.OperationFailed, $"{what}: {exception.Message}", $"See that the disk has room: df -h {directory}", "disk-full"),
        FileNotFoundException or DirectoryNotFoundException =>
            new(ErrorCode.OperationFailed, $"{what}: {exception.Message}", "Put it back, or make anew what it belongs to."),
        _ => new(ErrorCode.OperationFailed, $"{what}: {exception.Message}"),
    };

    public static WispError Gone(Guid machine) => new(ErrorCode.WrongState, $"Machine {machine} does not run any more.");

    public static WispError Ended(Vmms.VmmFiles files, WispError noticed) => new(
        ErrorCode.OperationFailed, $"The VMM ended while it was given its guest: {Vmms.VmmFiles.LastLine(files.Log) ?? noticed.Message}", null, "vmm-start");

    /// <param name="path">The device state that was to be read.</param>
    /// <param name="words">What the VMM said last, or null.</param>
    public static WispError Devices(string path, string? words) => new(
        ErrorCode.CannotBeUsed, $"The VMM cannot read the captured device state {path}: {words ?? "it did not say why"}",
        "Make the snapshot anew, or start the instance without it.", "snapshot-incompatible");

    public static WispError TooManyLayers(int layers) =>
        new(ErrorCode.TooMany, $"Its memory is a stack of {layers} layers; at most {Attachment.MostLayers} can be mapped.", "Have them merged.");
}
