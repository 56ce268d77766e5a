using System.Globalization;
using Wisp.Cli.Output;
using Wisp.Contracts;
using Wisp.Contracts.Instances;

namespace Wisp.Cli.Commands.Frozen;

/// <summary>How templates and checkpoints look.</summary>
internal static class FrozenLayout
{
    /// <summary>One that was made.</summary>
    public static Layout<InstanceTransition> Made { get; } = new(
        item => item.Name,
        [new("name", item => item.Name), new("state", item => item.State)],
        [new("name", item => item.Name), new("uuid", item => item.Uuid), new("state", item => item.State)]);

    /// <summary>One that was deleted.</summary>
    public static Layout<InstanceTransition> Deleted { get; } = new(
        item => item.Name,
        [new("deleted", item => item.Name)],
        [new("deleted", item => item.Name), new("uuid", item => item.Uuid)]);

    /// <summary>One that was changed.</summary>
    public static Layout<ResourceChange> Changed { get; } = new(
        item => item.Name,
        [new("changed", item => item.Name), new("property", item => item.Id)],
        [new("changed", item => item.Name), new("uuid", item => item.Uuid), new("property", item => item.Id)]);

    /// <summary>What something descends from.</summary>
    public static Layout<InstanceHistory> History(TimeProvider clock)
    {
        Column<InstanceHistory> name = new("name", item => item.Name);
        Column<InstanceHistory> from = new(
            "descends from",
            item => item.History is { Count: > 0 } history
                ? string.Join(", ", history.Select(ancestor => $"{ancestor.Name} ({Words.Ago(ancestor.CreatedAt, clock)})"))
                : "no checkpoint",
            Long: true);
        return new Layout<InstanceHistory>(item => item.Name, [name, from], [name, new("uuid", item => item.Uuid), from]);
    }

    /// <summary>A template or a checkpoint.</summary>
    public static Layout<Instance> For(TimeProvider clock)
    {
        Column<Instance> name = new("name", item => item.Name);
        Column<Instance> state = new("state", item => item.State);
        Column<Instance> memory = new("memory", item => item.MemoryMb is { } mebi ? string.Create(CultureInfo.InvariantCulture, $"{mebi} MiB") : null);
        Column<Instance> kept = new("kept", Kept);
        Column<Instance> created = new("created", item => Words.Ago(item.CreatedAt, clock));
        return new Layout<Instance>(
            item => item.Name,
            [name, state, new("image", item => Words.Image(item.Image), Long: true), memory, kept, created],
            [
                name, new("uuid", item => item.Uuid), state,
                new("image", item => item.Image), memory,
                new("vcpus", item => item.Vcpus?.ToString(CultureInfo.InvariantCulture)),
                new("args", item => item.Args is { } args ? string.Join(' ', args.Select(Words.Quote)) : null),
                new("env", item => item.Env is { } env ? string.Join(' ', env.Select(pair => Words.Quote($"{pair.Key}={pair.Value}"))) : null),
                new("snapshot", item => item.Snapshot?.Uuid ?? "none: what is made of it boots"),
                kept, created,
                new("tags", item => item.Tags is { } tags ? string.Join(' ', tags) : null),
            ]);
    }

    private static string Kept(Instance item)
    {
        var after = (item.TemplateAutokill ?? item.CheckpointAutokill) is { } time ? $"{Words.Span(TimeSpan.FromMilliseconds(time.TimeMs))} after its last use" : "until deleted";
        return item.DeleteLock == true ? "locked" : after;
    }
}
