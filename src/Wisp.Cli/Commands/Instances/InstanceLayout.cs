using System.Globalization;
using Wisp.Cli.Output;
using Wisp.Contracts.Instances;

namespace Wisp.Cli.Commands.Instances;

/// <summary>How instances look.</summary>
internal static class InstanceLayout
{
    /// <summary>What became of an instance.</summary>
    public static Layout<InstanceTransition> Transition { get; } = new(
        item => item.Name,
        [new("name", item => item.Name), new("state", item => item.State), new("before", item => item.PreviousState)],
        [new("name", item => item.Name), new("uuid", item => item.Uuid), new("state", item => item.State), new("before", item => item.PreviousState)]);

    /// <summary>An instance that was deleted; it has no state any more.</summary>
    public static Layout<InstanceTransition> Deleted { get; } = new(
        item => item.Name,
        [new("deleted", item => item.Name), new("was", item => item.PreviousState)],
        [new("deleted", item => item.Name), new("uuid", item => item.Uuid), new("was", item => item.PreviousState)]);

    /// <summary>An instance.</summary>
    /// <param name="clock">For ages.</param>
    /// <param name="urls">Where it answers, where that is known.</param>
    public static Layout<Instance> Instance(TimeProvider clock, IReadOnlyList<string>? urls = null)
    {
        Column<Instance> name = new("name", item => item.Name);
        Column<Instance> state = new("state", item => item.State);
        Column<Instance> memory = new("memory", item => item.MemoryMb is { } mebi ? string.Create(CultureInfo.InvariantCulture, $"{mebi} MiB") : null);
        Column<Instance> service = new("service", item => item.ServiceGroup?.Name, Long: true);
        Column<Instance> address = new("address", item => item.PrivateIp);
        return new Layout<Instance>(
            item => item.Name,
            [
                name, state, new("image", item => Words.Image(item.Image), Long: true), memory, service, address,
                new("created", item => Words.Ago(item.CreatedAt, clock)),
            ],
            [
                name, new("uuid", item => item.Uuid), state,
                new("url", _ => urls is null ? null : string.Join(' ', urls)),
                new("image", item => item.Image), memory,
                new("vcpus", item => item.Vcpus?.ToString(CultureInfo.InvariantCulture)),
                new("args", item => item.Args is { } args ? string.Join(' ', args.Select(Words.Quote)) : null),
                new("env", item => item.Env is { } env ? string.Join(' ', env.Select(pair => Words.Quote($"{pair.Key}={pair.Value}"))) : null),
                service,
                new("domains", item => item.ServiceGroup is { } group ? string.Join(' ', group.Domains.Select(domain => domain.Fqdn)) : null),
                address,
                new("scale-to-zero", item => ScaleToZero(item.ScaleToZero)),
                new("restart", item => Restart(item)),
                new("created", item => Words.Ago(item.CreatedAt, clock)),
                new("started", item => item.StoppedAt is null ? Words.Ago(item.StartedAt, clock) : null),
                new("stopped", item => Words.Ago(item.StoppedAt, clock)),
                new("starts", item => item.StartCount?.ToString(CultureInfo.InvariantCulture)),
                new("boot-time", item => item.BootTimeUs is { } time ? Words.Milliseconds(time) : null),
                new("net-time", item => item.NetTimeUs is { } time ? Words.Milliseconds(time) : null),
                new("exit-code", item => item.ExitCode?.ToString(CultureInfo.InvariantCulture)),
                new("why", item => item.StopDetail),
                new("tags", item => item.Tags is { } tags ? string.Join(' ', tags) : null),
            ]);
    }

    private static string? ScaleToZero(InstanceScaleToZero? settings) => settings switch
    {
        null => null,
        { Enabled: false } => "off",
        _ => string.Create(CultureInfo.InvariantCulture, $"{settings.Policy}, after {settings.CooldownTimeMs} ms{(settings.Stateful ? ", stateful" : "")}"),
    };

    private static string? Restart(Instance item) => item.Restart is { } next
        ? string.Create(CultureInfo.InvariantCulture, $"{item.RestartPolicy}, attempt {next.Attempt}")
        : item.RestartPolicy;
}
