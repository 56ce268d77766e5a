using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Wisp.Contracts;
using Wisp.Contracts.Instances;
using Wisp.Contracts.Services;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Platform.Schedules;
using Wire = Wisp.Contracts.Instances;

namespace Wisp.Api.Instances;

/// <summary>Instances of the platform in the words of the wire.</summary>
internal static partial class InstanceMapping
{
    public static Wire.Instance ToWire(InstanceView view, string? status = null) => new()
    {
        Status = status,
        Uuid = view.Uuid.ToString(),
        Name = view.Name,
        CreatedAt = Time(view.CreatedAt),
        State = Name(view.State),
        PrivateFqdn = view.Interface is null ? null : view.Name + ".internal",
        Image = view.Image,
        MemoryMb = view.MemoryMb,
        Vcpus = view.Vcpus,
        Args = view.Args,
        Env = view.Env,
        StartCount = view.StartCount,
        RestartCount = view.RestartCount,
        StartedAt = Time(view.StartedAt),
        StoppedAt = Time(view.StoppedAt),
        RetainedUntil = Time(view.RetainedUntil),
        UptimeMs = (long)view.Uptime.TotalMilliseconds,
        VmmStartTimeUs = (long?)view.VmmStartTime?.TotalMicroseconds,
        VmmLoadTimeUs = (long?)view.VmmLoadTime?.TotalMicroseconds,
        VmmReadyTimeUs = (long?)view.VmmReadyTime?.TotalMicroseconds,
        BootTimeUs = (long?)view.BootTime?.TotalMicroseconds,
        NetTimeUs = (long?)view.NetTime?.TotalMicroseconds,
        StopReason = view.StopReason,
        ExitCode = view.ExitCode,
        StopCode = view.StopCode,
        StopDetail = view.StopDetail,
        RestartPolicy = view.RestartPolicy switch { RestartPolicy.Always => "always", RestartPolicy.OnFailure => "on-failure", _ => "never" },
        Restart = view.Restart is { } restart ? new InstanceRestart(restart.Attempt, Time(restart.NextAt)) : null,
        ScaleToZero = new InstanceScaleToZero(
            view.ScaleToZero.Policy != ScaleToZeroPolicy.Off,
            view.ScaleToZero.Policy.ToString().ToLowerInvariant(),
            view.ScaleToZero.Stateful,
            (long)view.ScaleToZero.Cooldown.TotalMilliseconds,
            (long)view.ScaleToZero.Notify.TotalMilliseconds),
        ServiceGroup = view.ServiceGroup is { } group
            ? new InstanceServiceGroup(group.Uuid.ToString(), group.Name, [.. group.Domains.Select(domain => new Domain(domain))])
            : null,
        NetworkInterfaces = view.Interface is { } network ? [new InstanceNetworkInterface(network.Uuid.ToString(), network.At.Address.ToString(), network.At.Mac)] : null,
        PrivateIp = view.Interface?.At.Address.ToString(),
        Gateway = view.Interface?.At.Gateway.ToString(),
        Nameserver = view.Interface?.At.Nameserver.ToString(),
        Tags = view.Tags.Count > 0 ? view.Tags : null,
        Annotations = view.Annotations is { Count: > 0 } annotations ? annotations : null,
        Updates = view.Updates.Count > 0 ? [.. view.Updates.Select(Pending)] : null,
        Snapshot = view.Snapshot is { } snapshot ? new InstanceSnapshot(snapshot.ToString()) : null,
        StandbyDepth = view.Depth?.ToString().ToLowerInvariant(),
        DeleteLock = view.DeleteLock ? true : null,
        Autokill = Lifetime(view.Autokill),
        Schedules = view.Schedules.Count > 0 ? [.. view.Schedules.Select(ToWire)] : null,
        TemplateAutokill = Lifetime(view.TemplateAutokill),
        CheckpointAutokill = Lifetime(view.CheckpointAutokill),
        SchedPriority = view.Priority?.ToString().ToLowerInvariant(),
        Dependencies = view.Dependencies.Count > 0 ? [.. view.Dependencies.Select(one => new InstanceDependency(one.Uuid.ToString(), one.Name))] : null,
        Features = view.DeleteOnStop ? ["delete-on-stop"] : null,
        Hostname = view.Hostname,
        Type = "micro",
    };

    public static string Name(InstanceState state) => state.ToString().ToLowerInvariant();

    public static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static InstanceUpdate Pending(GivenChange change) =>
        new(change.Property, change.Operation, change.Value is { } value ? JsonSerializer.Deserialize(value, WireJson.Default.JsonElement) : null, "pending");

    public static Autokill? Lifetime(TimeSpan? after) => after is { } time ? new Autokill((long)time.TotalMilliseconds) : null;

    private static InstanceSchedule ToWire(ScheduleView schedule) =>
        new(schedule.Name, schedule.When, schedule.Action.ToString().ToLowerInvariant(), Time(schedule.NextAt));

    public static InstanceState? ParseState(string text) =>
        Letters().IsMatch(text) && Enum.TryParse<InstanceState>(text, ignoreCase: true, out var state) && Name(state) == text ? state : null;

    [GeneratedRegex("^[a-z]+$", RegexOptions.NonBacktracking)]
    private static partial Regex Letters();
}
