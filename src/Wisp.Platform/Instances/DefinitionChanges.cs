using Wisp.Images;
using Wisp.Platform.Frozen;
using Wisp.Platform.Records;

namespace Wisp.Platform.Instances;

/// <summary>Changes of what a machine is made with, and of annotations. Pure.</summary>
internal static class DefinitionChanges
{
    /// <summary>The definition after a change, or the rule that is broken.</summary>
    /// <param name="record">The instance.</param>
    /// <param name="definition">Its definition before; changes that wait are in it.</param>
    /// <param name="change">The change.</param>
    /// <param name="image">The image that it names.</param>
    /// <param name="smallestMemoryMb">Guests do not boot below this.</param>
    /// <param name="largestMemoryMb">The host has no more.</param>
    public static Result<InstanceDefinition> Apply(
        InstanceRecord record, InstanceDefinition definition, PropertyChange change, StoredImage? image, int smallestMemoryMb, int largestMemoryMb)
    {
        if (record.Origin is not null && change is not (PropertyChange.SetHostname or PropertyChange.SetScaleToZero))
        {
            return new WispError(
                ErrorCode.NotSupported, $"Cannot change '{change.Given?.Property}' of instance '{record.Name}': it begins from a snapshot, which has it frozen in.",
                "Make a new instance with the other value.");
        }

        var broken = change switch
        {
            PropertyChange.SetMemory memory => InstanceRules.CheckMemory(memory.MemoryMb, smallestMemoryMb, largestMemoryMb),
            PropertyChange.SetVcpus vcpus => InstanceRules.CheckVcpus(vcpus.Vcpus),
            PropertyChange.SetHostname hostname => InstanceRules.CheckHostname(hostname.Hostname),
            PropertyChange.SetScaleToZero { Settings: { } settings } => InstanceRules.CheckScaleToZero(settings.ApplyTo(definition.ScaleToZero), record.ServiceGroup is not null, record.DeleteOnStop),
            _ => null,
        };
        if (broken is not null)
        {
            return broken;
        }

        var changed = change switch
        {
            PropertyChange.SetImage => definition with { ImageName = image!.Name, ImageDigest = image.Digest },
            PropertyChange.SetArgs set => definition with { Args = set.Args },
            PropertyChange.AddArgs add => definition with { Args = [.. definition.Args ?? [], .. add.Args] },
            PropertyChange.SetMemory memory => definition with { MemoryMb = (int)memory.MemoryMb },
            PropertyChange.SetVcpus vcpus => definition with { Vcpus = (int)vcpus.Vcpus },
            PropertyChange.SetHostname hostname => definition with { Hostname = hostname.Hostname ?? Clones.HostnameOf(record.Name) },
            PropertyChange.SetScaleToZero set => definition with { ScaleToZero = set.Settings?.ApplyTo(definition.ScaleToZero) ?? ScaleToZero.Default },
            _ => definition with { Env = Change(definition.Env, ValueMap.Env, change) },
        };
        return (InstanceRules.CheckArguments(changed.Args) ?? InstanceRules.CheckEnvironment(changed.Env)) is { } wrong ? wrong : changed;
    }

    /// <summary>Names with values after a change; null when none are left.</summary>
    public static IReadOnlyDictionary<string, string>? Change(IReadOnlyDictionary<string, string>? values, ValueMap map, PropertyChange change)
    {
        var changed = change switch
        {
            PropertyChange.SetValues set when set.Map == map => set.Values,
            PropertyChange.AddValues add when add.Map == map => Merge(values, add.Values),
            PropertyChange.RemoveValues { Names: null } remove when remove.Map == map => null,
            PropertyChange.RemoveValues remove when remove.Map == map =>
                values?.Where(pair => !remove.Names!.Contains(pair.Key, StringComparer.Ordinal)).ToDictionary(StringComparer.Ordinal),
            _ => values,
        };
        return changed is { Count: > 0 } ? changed : null;
    }

    /// <summary>Both together; where a name is in both, the second counts.</summary>
    public static IReadOnlyDictionary<string, string>? Merge(IReadOnlyDictionary<string, string>? first, IReadOnlyDictionary<string, string>? second)
    {
        if (first is null || second is null)
        {
            return first ?? second;
        }

        var merged = new Dictionary<string, string>(first, StringComparer.Ordinal);
        foreach (var (name, value) in second)
        {
            merged[name] = value;
        }

        return merged;
    }
}
