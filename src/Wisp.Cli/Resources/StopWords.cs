using System.Text.Json.Nodes;
using Wisp.Cli.Fields;

namespace Wisp.Cli.Resources;

/// <summary>What the bits of <c>stop_reason</c> and <c>stop_code</c> mean. Pure.</summary>
internal static class StopWords
{
    private const int Kernel = 1;
    private const int Application = 2;
    private const int Platform = 4;
    private const int User = 8;
    private const int Forced = 16;
    private const int ScaleToZero = 32;
    private const int ErrnoShift = 16;
    private const int ReasonMask = 0x7f;

    private static readonly string?[] KernelReasons = [null, null, "arithmetic fault", "invalid operation", "page fault", "segmentation fault", "hardware error", "security violation"];

    // errno-base.h, as far as kernels end with them.
    private static readonly Dictionary<int, string> Errnos = new() { [2] = "ENOENT", [5] = "EIO", [7] = "E2BIG", [8] = "ENOEXEC", [12] = "ENOMEM", [13] = "EACCES", [22] = "EINVAL", [28] = "ENOSPC" };

    /// <summary>Who stopped it.</summary>
    public static JsonNode? Origin(JsonObject item) => Bits(item, "stop_reason") switch
    {
        null => null,
        { } bits when (bits & ScaleToZero) != 0 => "scale-to-zero",
        { } bits when (bits & User) != 0 => "user",
        { } bits when (bits & Platform) != 0 => "platform",
        { } bits when (bits & Application) != 0 => "application",
        { } bits when (bits & Kernel) != 0 => "kernel",
        _ => "unknown",
    };

    /// <summary>Why, in words.</summary>
    public static JsonNode? Reason(JsonObject item)
    {
        if (Bits(item, "stop_reason") is not { } bits)
        {
            return null;
        }

        var byKernel = Bits(item, "stop_code") is { } code && (code & ReasonMask) < KernelReasons.Length ? KernelReasons[code & ReasonMask] : null;
        var errno = Errno(item) is { } number ? FieldText.Text(number) : null;
        return byKernel is not null ? byKernel
            : (bits & (User | Platform | Application)) == 0 && errno is not null ? errno == "ENOMEM" ? "out of memory (ENOMEM)" : errno
            : (bits & ScaleToZero) != 0 ? "idle"
            : (bits & Forced) != 0 ? "killed"
            : (bits & (User | Platform)) != 0 ? "stopped"
            : (bits & Application) != 0 ? "exited"
            : (bits & Kernel) != 0 ? "crashed"
            : "unknown";
    }

    /// <summary>The error number of the kernel, by its name where it has one.</summary>
    public static JsonNode? Errno(JsonObject item) =>
        Bits(item, "stop_code") is { } code && ((code >> ErrnoShift) & 0xff) is var errno and not 0
            ? Errnos.GetValueOrDefault(errno) ?? errno.ToString(System.Globalization.CultureInfo.InvariantCulture)
            : null;

    private static int? Bits(JsonObject item, string name) => item[name] is JsonValue value && value.TryGetValue<int>(out var bits) ? bits : null;
}
