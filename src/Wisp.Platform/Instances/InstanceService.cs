using Wisp.Gateway;
using Wisp.Machines.Consoles;
using Wisp.Platform.Accounts;
using Wisp.Platform.Frozen;
using Wisp.Platform.Images;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Records;

namespace Wisp.Platform.Instances;

/// <inheritdoc cref="IInstanceService"/>
internal sealed class InstanceService(
    AccountView owned, Catalogue catalogue, InstanceBuilder builder, AccountQuota quota, SemaphoreSlim launches, Fleet fleet, bool byAdministrator) : IInstanceService
{
    // Each start is work for a processor and the disk; a few more than there are processors keep both busy.
    public static readonly int StartsAtOnce = Environment.ProcessorCount + 2;

    /// <inheritdoc/>
    public async Task<Result<IReadOnlyList<InstanceView>>> CreateAsync(CreateInstance request, CancellationToken cancellation)
    {
        if ((builder.Factory.Check(request) ?? SchedulingRules.Check(request.Priority, byAdministrator)) is { } broken)
        {
            return broken;
        }

        if ((await builder.AddAsync(owned, request, null, cancellation)).Failed(out var error, out var made))
        {
            return Explain(request, error);
        }

        if (request.Autostart)
        {
            var wait = request.TimeoutS < 0 ? fleet.Options.LongestWait : TimeSpan.FromSeconds(request.TimeoutS);
            var starts = await Task.WhenAll(made.Select(instance => StartAsync(instance, wait, cancellation)));
            if (starts.FirstOrDefault(start => !start.IsSuccess) is { Error: { } failure })
            {
                return Explain(request, failure with
                {
                    Message = $"{failure.Message} The instance was created and is kept for inspection.",
                });
            }
        }

        return made.Select(View).ToArray();
    }

    /// <inheritdoc/>
    public IReadOnlyList<InstanceView> List() =>
        [.. owned.Instances.Where(instance => instance.State != InstanceState.Template).OrderBy(instance => instance.Record.CreatedAt).Select(View)];

    /// <inheritdoc/>
    public Result<InstanceView> Find(ResourceRef reference) =>
        owned.FindRetained(reference) is { } kept ? kept.View() : owned.FindInstance(reference).Failed(out var error, out var instance) ? error : View(instance);

    /// <inheritdoc/>
    public async Task<Result<InstanceTransition>> StartAsync(ResourceRef reference, TimeSpan? wait, CancellationToken cancellation) =>
        FindOwn(reference).Failed(out var error, out var instance)
            ? error
            : await instance.StartAsync(wait ?? fleet.Options.LongestWait, cancellation);

    /// <inheritdoc/>
    public async Task<Result<InstanceTransition>> StartColdAsync(ResourceRef reference, TimeSpan? wait, CancellationToken cancellation) =>
        FindOwn(reference).Failed(out var error, out var instance)
            ? error
            : await instance.StartAsync(wait ?? fleet.Options.LongestWait, cancellation, new StartRequest { Cold = true });

    /// <inheritdoc/>
    public async Task<Result<InstanceTransition>> StopAsync(ResourceRef reference, StopOptions stop, CancellationToken cancellation)
    {
        if (FindOwn(reference).Failed(out var error, out var instance))
        {
            return error;
        }

        return stop.Force && stop.Drain is not { Ticks: 0 }
            ? new WispError(ErrorCode.NotBoth, "'force' and 'drain_timeout_ms' exclude each other.", "Drop one of the two.")
            : await instance.StopAsync(stop, StopRequest.User);
    }

    /// <inheritdoc/>
    public async Task<Result<InstanceTransition>> SuspendAsync(ResourceRef reference, TimeSpan? drain, CancellationToken cancellation) =>
        FindOwn(reference).Failed(out var error, out var instance)
            ? error
            : await instance.SuspendAsync(drain ?? fleet.Options.LongestWait, cancellation);

    /// <inheritdoc/>
    public async Task<Result<InstanceTransition>> DeleteAsync(ResourceRef reference, DeleteOptions options, CancellationToken cancellation)
    {
        if (owned.FindRetained(reference) is { Instance: var deleted } kept)
        {
            return (await fleet.Retained.RemoveAsync(kept)).Failed(out var failed)
                ? failed
                : new InstanceTransition(deleted.Uuid, deleted.Name, InstanceState.Deleted, InstanceState.Deleted);
        }

        return FindOwn(reference).Failed(out var error, out var instance) ? error : await instance.RemoveAsync(options, cancellation);
    }

    /// <inheritdoc/>
    public async Task<Result<InstanceView>> ChangeAsync(ResourceRef reference, PropertyChange change, CancellationToken cancellation)
    {
        ImageHolds.Held? held = null;
        if (FindOwn(reference).Failed(out var error, out var instance)
            || (error = Exceeds(change) ?? SchedulingRules.Check(change, byAdministrator)) is not null
            || change is PropertyChange.SetImage { Reference: var wanted } && (await fleet.Images.FindAsync(wanted, cancellation)).Failed(out error, out held))
        {
            return error;
        }

        using (held)
        {
            return (StartOrder.IsAbout(change)
                ? await fleet.Order.ChangeAsync(owned, instance, change, cancellation)
                : await instance.ChangeAsync(change, held?.Image, cancellation)).Failed(out error)
                ? error
                : View(instance);
        }
    }

    /// <inheritdoc/>
    public async Task<Result<InstanceView>> WaitAsync(
        ResourceRef reference, InstanceState state, TimeSpan? timeout, CancellationToken cancellation)
    {
        if (state == InstanceState.Deleted && owned.FindRetained(reference) is { } kept)
        {
            return kept.View();
        }

        if (FindLive(reference).Failed(out var error, out var instance))
        {
            return error;
        }

        // A deleted instance comes to no other state, nor does a template; waiting for one ends with it.
        return await instance.WaitForAsync(now => now == state || now is InstanceState.Deleted or InstanceState.Template, timeout, cancellation) switch
        {
            null => instance.NotInTime(state),
            InstanceState.Deleted or InstanceState.Template when instance.State != state => FindLive(ResourceRef.To(instance.Record.Uuid)).Error ?? instance.NotThere(),
            _ => View(instance),
        };
    }

    /// <inheritdoc/>
    public async Task<Result<GuestTunnel>> ConnectAsync(ResourceRef reference, int port, CancellationToken cancellation) =>
        FindLive(reference).Failed(out var error, out var instance)
            ? error
            : await GuestTunnel.OpenAsync(instance.Backend, port, fleet.Options.HoldDeadline, fleet.Rooms.Time, cancellation);

    /// <inheritdoc/>
    public Result<InstanceMeasurements> Measure(ResourceRef reference) =>
        owned.FindRetained(reference) is { } kept ? kept.Measure()
        : owned.FindInstance(reference).Failed(out var error, out var instance) ? error
        : instance.Measure(View(instance));

    /// <inheritdoc/>
    public Result<ConsoleSlice> ReadLog(ResourceRef reference, long offset, int limit) =>
        owned.FindRetained(reference) is { } kept ? ReadLog(kept.Instance, offset, limit)
        : owned.FindInstance(reference).Failed(out var error, out var instance) ? error
        : ReadLog(instance.Record, offset, limit);

    private ConsoleSlice ReadLog(InstanceRecord record, long offset, int limit) =>
        new ConsoleLog(Path.Combine(fleet.Launcher.DirectoryOf(record), ConsoleLog.FileName)).Read(offset, limit);

    // One that is there to be done something with.
    private Result<InstanceSupervisor> FindLive(ResourceRef reference) =>
        owned.FindRetained(reference) is { } kept ? kept.Refuse() : owned.FindInstance(reference);

    // One that its user may do something with.
    private Result<InstanceSupervisor> FindOwn(ResourceRef reference) =>
        FindLive(reference).Failed(out var error, out var instance) ? error : instance.RefuseIfAutoscaled() is { } refused ? refused : instance;

    // The launches of one call go a few at a time; then all are waited for at once. Who hangs up meanwhile calls nothing off.
    private async Task<Result> StartAsync(InstanceSupervisor instance, TimeSpan wait, CancellationToken cancellation)
    {
        await launches.WaitAsync(CancellationToken.None);
        try
        {
            if ((await instance.StartAsync(TimeSpan.Zero, cancellation)).Failed(out var error, out _))
            {
                return error;
            }
        }
        finally
        {
            launches.Release();
        }

        return wait == TimeSpan.Zero ? Result.Success : await instance.WaitForRunningAsync(wait, cancellation);
    }

    private static WispError Explain(CreateInstance request, WispError error) => request.Checkpoint is null || error.Code == ErrorCode.NotFound
        || error.Message.StartsWith("Failed to create", StringComparison.Ordinal)
        ? error
        : error with { Message = $"Failed to create instance from checkpoint: {error.Message}" };

    private WispError? Exceeds(PropertyChange change) => change switch
    {
        PropertyChange.SetMemory { MemoryMb: var memory } => quota.CheckSize(owned.Account, memory, 0),
        PropertyChange.SetVcpus { Vcpus: var vcpus } => quota.CheckSize(owned.Account, 0, vcpus),
        _ => null,
    };

    private InstanceView View(InstanceSupervisor instance) => instance.View(
        instance.Record.ServiceGroup is { } uuid && catalogue.Groups.TryGetValue(uuid, out var group)
            ? (group.Uuid, group.Name, group.Domains)
            : null);
}
