using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Wisp.Platform.Frozen;
using Wisp.Platform.Naming;

namespace Wisp.Platform.Instances;

/// <summary>The rules a request for an instance must keep before anything is touched. Pure.</summary>
internal static partial class InstanceRules
{
    public const int DefaultMemoryMb = 128;
    public const int MaxVcpus = 32;
    public const int MaxReplicas = 255;
    private const int MaxTags = 16;
    private const int MaxTagLength = 256;
    private const int MaxArgumentBytes = 128 << 10;
    private static readonly TimeSpan MaxCooldown = TimeSpan.FromDays(1);

    /// <summary>The first rule that is broken, or null.</summary>
    /// <param name="request">The request.</param>
    /// <param name="smallestMemoryMb">Guests do not boot below this.</param>
    /// <param name="largestMemoryMb">The host has no more.</param>
    public static WispError? Check(CreateInstance request, int smallestMemoryMb, int largestMemoryMb) =>
        CheckName(request)
        ?? OriginRules.Check(request)
        ?? FrozenRules.CheckAutokill(request.Autokill)
        ?? FrozenRules.CheckAutokill(request.OnDemand?.Autokill)
        ?? (request.OnDemand is { } onDemand ? Check(onDemand.Arguments, smallestMemoryMb, largestMemoryMb) : null)
        ?? CheckMemory(request.MemoryMb ?? DefaultMemoryMb, smallestMemoryMb, largestMemoryMb)
        ?? CheckVcpus(request.Vcpus ?? 1)
        ?? Range("replicas", request.Replicas, 0, MaxReplicas)
        ?? (request.ScaleToZero is { } scale
            ? CheckScaleToZero(scale, request.ServiceGroup is not null || request.NewServiceGroup is not null, request.DeleteOnStop)
            : null)
        ?? CheckTags(request.Tags)
        ?? AnnotationRules.Check(request.Annotations)
        ?? CheckArguments(request.Args)
        ?? CheckEnvironment(request.Env)
        ?? CheckHostname(request.Hostname)
        ?? (request is { ServiceGroup: not null, NewServiceGroup: not null }
            ? new WispError(ErrorCode.NotBoth, "Give 'service_group' a uuid or name, or 'services' for a new group, not both.")
            : null)
        ?? (request.DeleteOnStop && request.RestartPolicy is not (null or RestartPolicy.Never)
            ? new WispError(ErrorCode.NotBoth, "'delete-on-stop' and a restart policy exclude each other.", "Drop one of the two.")
            : null)
        ?? (request is { TimeoutS: not 0, Autostart: false }
            ? new WispError(ErrorCode.InvalidValue, "'timeout_s' needs 'autostart'.", "Set 'autostart' or leave 'timeout_s' out.")
            : null)
        ?? Range("timeout_s", request.TimeoutS, -1, 86_400);

    /// <summary>An error in the words clients match on, or null when the value is inside.</summary>
    public static WispError? Range(string field, long value, long low, long high) =>
        value >= low && value <= high
            ? null
            : new WispError(
                ErrorCode.InvalidValue,
                string.Create(CultureInfo.InvariantCulture, $"Value of '{field}' must be in the range {low} to {high}"));

    private static WispError? CheckName(CreateInstance request) =>
        request.Name is null || ResourceName.TryParse(request.Name, out _, out var error) ? null : error;

    public static WispError? CheckMemory(long memory, int smallest, int largest)
    {
        var range = Range("memory_mb", memory, 16, largest);
        // The range is the words that clients match on; a second minimum beside it would only confuse.
        return (range is null ? null : new WispError(range.Code, range.Message, $"{DefaultMemoryMb} will do for most.", "guest-memory"))
            ?? (memory < smallest
                ? new WispError(
                    ErrorCode.GuestMemoryTooSmall,
                    $"A guest does not boot with memory_mb {memory}.",
                    $"Give it {smallest} or more.",
                    "guest-memory")
                : null);
    }

    public static WispError? CheckVcpus(long vcpus) => Range("vcpus", vcpus, 1, MaxVcpus);

    public static WispError? CheckScaleToZero(ScaleToZero settings, bool hasGroup, bool deleteOnStop)
    {
        if (settings.Notify < TimeSpan.Zero || (settings.Notify > TimeSpan.Zero && settings.Notify >= settings.Cooldown))
        {
            return new WispError(
                ErrorCode.InvalidValue,
                $"'notify_time_ms' {settings.Notify.TotalMilliseconds:0} is not below 'cooldown_time_ms' {settings.Cooldown.TotalMilliseconds:0}.",
                "Lower the one or raise the other; 0 does not notify.");
        }

        return Range("cooldown_time_ms", (long)settings.Cooldown.TotalMilliseconds, 0, (long)MaxCooldown.TotalMilliseconds)
            ?? (settings.Policy != ScaleToZeroPolicy.Off && !hasGroup
                ? new WispError(ErrorCode.InvalidValue, "'scale_to_zero' needs a 'service_group'.", "Publish a port, so that traffic can wake the instance.")
                : null)
            ?? (settings.Policy != ScaleToZeroPolicy.Off && deleteOnStop
                ? new WispError(ErrorCode.NotBoth, "'scale_to_zero' and 'delete-on-stop' exclude each other.", "Drop one of the two.")
                : null);
    }

    public static WispError? CheckTags(IReadOnlyList<string>? tags) => tags switch
    {
        null => null,
        { Count: > MaxTags } => new WispError(ErrorCode.TooMany, $"At most {MaxTags} tags are allowed."),
        _ when tags.FirstOrDefault(tag => tag.Length > MaxTagLength) is { } tag =>
            new WispError(ErrorCode.TooLong, $"The tag '{tag[..32]}…' is longer than {MaxTagLength} characters."),
        _ when tags.FirstOrDefault(tag => !Tag().IsMatch(tag)) is { } tag =>
            new WispError(ErrorCode.InvalidValue, $"Invalid tag '{tag}'.", "Use letters, digits and - + _ . : ="),
        _ => null,
    };

    // execve(2): strings end at a NUL and have at most MAX_ARG_STRLEN bytes, NUL included.
    private static bool CannotBePassed(string text) => text.Contains('\0') || Encoding.UTF8.GetByteCount(text) >= MaxArgumentBytes;

    public static WispError? CheckArguments(IReadOnlyList<string>? args) =>
        args is not null && args.Any(CannotBePassed)
            ? new WispError(ErrorCode.InvalidValue, $"Invalid value in 'args': it has a NUL or {MaxArgumentBytes} bytes or more.", "Put long input into a file of the image.")
            : null;

    public static WispError? CheckEnvironment(IReadOnlyDictionary<string, string>? env) =>
        env?.FirstOrDefault(pair => pair.Key.Length == 0 || pair.Key.Contains('=') || CannotBePassed($"{pair.Key}={pair.Value}")) is { Key: not null } bad
            ? new WispError(
                ErrorCode.InvalidValue,
                $"Invalid environment variable name or value: '{bad.Key.Replace("\0", "\\0", StringComparison.Ordinal)}'.",
                $"A name is not empty and has no '='; neither has a NUL, and together they have less than {MaxArgumentBytes} bytes.")
            : null;

    public static WispError? CheckHostname(string? hostname) =>
        hostname is null || DnsLabel().IsMatch(hostname)
            ? null
            : new WispError(ErrorCode.InvalidValue, $"Invalid DNS name '{hostname}'.", "A host name is one DNS label: letters, digits and '-', at most 63.");

    [GeneratedRegex("^[A-Za-z0-9+_.:=-]+$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Tag();

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex DnsLabel();
}
