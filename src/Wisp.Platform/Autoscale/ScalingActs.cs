using Wisp.Platform.Accounts;
using Wisp.Platform.Instances;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Records;
using Wisp.Platform.Schedules;

namespace Wisp.Platform.Autoscale;

/// <summary>Adds instances to groups that scale, and takes them away.</summary>
internal sealed class ScalingActs(Catalogue catalogue, AccountQuota quota, RecordStore records, Func<Guid, IInstanceService> instancesOf, TimeProvider time)
{
    /// <summary>Carries out a decision, as far as it still stands and there is room. That it was made is durable before anything is done.</summary>
    /// <returns>What was done.</returns>
    public async Task<Result<Decision>> CarryOutAsync(Guid uuid, Decision decision, CancellationToken cancellation)
    {
        if ((await NoteAsync(uuid, decision, cancellation)).Failed(out var error, out var group) || group is not { Autoscale: { } settings })
        {
            return error is null ? decision : error;
        }

        // Successors first: those that go are served for until then.
        var made = 0;
        if (decision.Create > 0 && (await CreateAsync(group, settings, decision.Create, cancellation)).Failed(out error, out made))
        {
            return error;
        }

        decision = decision.Cut(made);

        await RetireAsync(catalogue.InstancesOf(uuid).Where(instance => decision.Remove.Contains(instance.Record.Uuid)), settings.Cooldown);
        return decision;
    }

    /// <summary>Lets instances that autoscale made finish what they have, for so long at most, and end. What has ended is removed by the loop.</summary>
    public static Task RetireAsync(IEnumerable<InstanceSupervisor> instances, TimeSpan drain) => Task.WhenAll(instances
        .Where(instance => instance is { Record.IsAutoscaled: true, State: InstanceState.Starting or InstanceState.Running or InstanceState.Standby })
        .Select(instance => instance.StopAsync(new StopOptions(Force: false, drain, null), StopRequest.Platform)));

    // Null when the group scales no more.
    private async Task<Result<ServiceGroupRecord?>> NoteAsync(Guid uuid, Decision decision, CancellationToken cancellation)
    {
        using var turn = await catalogue.ChangeAsync(cancellation);
        if (catalogue.Groups.GetValueOrDefault(uuid) is not { Autoscale: not null } group)
        {
            return (ServiceGroupRecord?)null;
        }

        var now = time.GetUtcNow();
        var noted = group with
        {
            ScaleHistory = new ScaleHistory(decision.Create > 0 ? now : group.ScaleHistory.GrewAt, decision.Remove.Count > 0 ? now : group.ScaleHistory.ShrankAt),
        };
        if ((await records.CommitAsync(RecordStore.Put(noted))).Failed(out var error))
        {
            return error;
        }

        catalogue.Put(noted);
        return noted;
    }

    private async Task<Result<int>> CreateAsync(ServiceGroupRecord group, AutoscaleSettings settings, int count, CancellationToken cancellation)
    {
        var request = new CreateInstance
        {
            Family = group.Name,
            IsAutoscaled = true,
            ServiceGroup = ResourceRef.To(group.Uuid),
            Autostart = true,
            // When they end is nobody's affair but autoscale's.
            Autokill = TimeSpan.Zero,
            Schedules = Array.Empty<Schedule>(),
        };
        InstanceRecord? each;
        if (settings.Template is { } template)
        {
            request = request with { Template = ResourceRef.To(template) };
            each = catalogue.Frozen.GetValueOrDefault(template)?.Source;
        }
        else if (catalogue.InstancesOf(group.Uuid).FirstOrDefault(instance => !instance.Record.IsAutoscaled) is { } master)
        {
            request = request with { BranchFrom = ResourceRef.To(master.Record.Uuid) };
            each = master.Record;
        }
        else
        {
            return new WispError(
                ErrorCode.CannotBeUsed, $"Service group '{group.Name}' has neither a template nor an instance of its own to make others of.",
                $"Give it one: wisp services autoscale set {group.Name} --template NAME");
        }

        // As many as there is room for; where there is none, the attempt to make one says why.
        var room = Math.Max(1, each is null ? count : quota.Room(group.Account, each, count));
        return (await instancesOf(group.Account).CreateAsync(request with { Replicas = room - 1 }, cancellation)).Failed(out var error, out _) ? error : room;
    }
}
