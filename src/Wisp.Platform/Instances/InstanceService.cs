using Microsoft.Extensions.Logging;
using Wisp.Images;
using Wisp.Machines.Consoles;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Records;
using Wisp.Platform.Services;

namespace Wisp.Platform.Instances;

/// <inheritdoc cref="IInstanceService"/>
internal sealed class InstanceService(
    Catalogue catalogue, ServiceGroupService groups, RoutePublisher routes, Fleet fleet) : IInstanceService, IInstanceBuilder
{
    // Each start is work for a processor and the disk; a few more than there are processors keep both busy.
    private static readonly int StartsAtOnce = Environment.ProcessorCount + 2;

    private readonly InstanceFactory _factory = new(catalogue, fleet.Options, fleet.Rooms);
    private readonly ILogger _logger = fleet.Logger;
    private readonly SemaphoreSlim _starts = new(StartsAtOnce, StartsAtOnce);

    /// <summary>Makes records.</summary>
    public InstanceFactory Factory => _factory;

    /// <summary>What instances begin from that is no image. Set as the platform is put together: templates on demand need instances in turn.</summary>
    public InstanceOrigins Origins { private get; set; } = null!;

    /// <summary>Who hears what they do.</summary>
    public IInstanceEvents? Events { private get; set; }

    /// <inheritdoc/>
    public async Task<Result<IReadOnlyList<InstanceView>>> CreateAsync(CreateInstance request, CancellationToken cancellation)
    {
        if (_factory.Check(request) is { } broken)
        {
            return broken;
        }

        if ((await AddAsync(request, null, cancellation)).Failed(out var error, out var made))
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
        [.. catalogue.Instances.Values.Where(instance => instance.State != InstanceState.Template).OrderBy(instance => instance.Record.CreatedAt).Select(View)];

    /// <inheritdoc/>
    public Result<InstanceView> Find(ResourceRef reference) =>
        catalogue.FindInstance(reference).Failed(out var error, out var instance) ? error : View(instance);

    /// <inheritdoc/>
    public async Task<Result<InstanceTransition>> StartAsync(ResourceRef reference, TimeSpan? wait, CancellationToken cancellation) =>
        catalogue.FindInstance(reference).Failed(out var error, out var instance)
            ? error
            : await instance.StartAsync(wait ?? fleet.Options.LongestWait, cancellation);

    /// <inheritdoc/>
    public async Task<Result<InstanceTransition>> StartColdAsync(ResourceRef reference, TimeSpan? wait, CancellationToken cancellation) =>
        catalogue.FindInstance(reference).Failed(out var error, out var instance)
            ? error
            : await instance.StartAsync(wait ?? fleet.Options.LongestWait, cancellation, new StartRequest { Cold = true });

    /// <inheritdoc/>
    public async Task<Result<InstanceTransition>> StopAsync(ResourceRef reference, StopOptions stop, CancellationToken cancellation)
    {
        if (catalogue.FindInstance(reference).Failed(out var error, out var instance))
        {
            return error;
        }

        return stop.Force && stop.Drain is not { Ticks: 0 }
            ? new WispError(ErrorCode.NotBoth, "'force' and 'drain_timeout_ms' exclude each other.", "Drop one of the two.")
            : await instance.StopAsync(stop, StopRequest.User);
    }

    /// <inheritdoc/>
    public async Task<Result<InstanceTransition>> SuspendAsync(ResourceRef reference, TimeSpan? drain, CancellationToken cancellation) =>
        catalogue.FindInstance(reference).Failed(out var error, out var instance)
            ? error
            : await instance.SuspendAsync(drain ?? fleet.Options.LongestWait, cancellation);

    /// <inheritdoc/>
    public async Task<Result<InstanceTransition>> DeleteAsync(ResourceRef reference, CancellationToken cancellation) =>
        catalogue.FindInstance(reference).Failed(out var error, out var instance) ? error : await instance.RemoveAsync(cancellation);

    /// <inheritdoc/>
    public async Task<Result<InstanceView>> ChangeAsync(ResourceRef reference, PropertyChange change, CancellationToken cancellation)
    {
        StoredImage? image = null;
        return catalogue.FindInstance(reference).Failed(out var error, out var instance)
            || change is PropertyChange.SetImage { Reference: var wanted } && (await fleet.Rooms.Images.FindAsync(wanted, cancellation)).Failed(out error, out image)
            || (await instance.ChangeAsync(change, image, cancellation)).Failed(out error)
            ? error
            : View(instance);
    }

    /// <inheritdoc/>
    public async Task<Result<InstanceView>> WaitAsync(
        ResourceRef reference, InstanceState state, TimeSpan? timeout, CancellationToken cancellation)
    {
        if (catalogue.FindInstance(reference).Failed(out var error, out var instance))
        {
            return error;
        }

        // A deleted instance comes to no other state, nor does a template; waiting for one ends with it.
        return await instance.WaitForAsync(now => now == state || now is InstanceState.Deleted or InstanceState.Template, timeout, cancellation) switch
        {
            null => instance.NotInTime(state),
            InstanceState.Deleted or InstanceState.Template when instance.State != state => instance.NotThere(),
            _ => View(instance),
        };
    }

    /// <inheritdoc/>
    public Result<InstanceMeasurements> Measure(ResourceRef reference) =>
        catalogue.FindInstance(reference).Failed(out var error, out var instance) ? error : instance.Measure(View(instance));

    /// <inheritdoc/>
    public Result<ConsoleSlice> ReadLog(ResourceRef reference, long offset, int limit) =>
        catalogue.FindInstance(reference).Failed(out var error, out var instance)
            ? error
            : new ConsoleLog(Path.Combine(instance.Directory, ConsoleLog.FileName)).Read(offset, limit);

    /// <summary>Makes the owner of a stored instance, as the node comes up.</summary>
    public InstanceSupervisor Own(InstanceRecord record)
    {
        var ports = record.Preparation?.Ports
            ?? (record.ServiceGroup is { } uuid && catalogue.Groups.TryGetValue(uuid, out var group) ? WatchedPorts.Of(group) : []);
        return new InstanceSupervisor(record, ports, fleet, RemoveAsync) { Events = Events };
    }

    /// <inheritdoc/>
    public async Task<Result<InstanceSupervisor>> BuildAsync(CreateInstance request, Preparation preparation, CancellationToken cancellation) =>
        (await AddAsync(request, preparation, cancellation)).Failed(out var error, out var made) ? error : made[0];

    // The launches of one call go a few at a time; then all are waited for at once. Who hangs up meanwhile calls nothing off.
    private async Task<Result> StartAsync(InstanceSupervisor instance, TimeSpan wait, CancellationToken cancellation)
    {
        await _starts.WaitAsync(CancellationToken.None);
        try
        {
            if ((await instance.StartAsync(TimeSpan.Zero, cancellation)).Failed(out var error, out _))
            {
                return error;
            }
        }
        finally
        {
            _starts.Release();
        }

        return wait == TimeSpan.Zero ? Result.Success : await instance.WaitForRunningAsync(wait, cancellation);
    }

    private static WispError Explain(CreateInstance request, WispError error) => request.Checkpoint is null || error.Code == ErrorCode.NotFound
        || error.Message.StartsWith("Failed to create", StringComparison.Ordinal)
        ? error
        : error with { Message = $"Failed to create instance from checkpoint: {error.Message}" };

    private async Task<Result<IReadOnlyList<InstanceSupervisor>>> AddAsync(CreateInstance request, Preparation? preparation, CancellationToken cancellation)
    {
        // Before the turn: a branch is written to disk, a template on demand may have to boot.
        if ((await Origins.FindAsync(request, cancellation)).Failed(out var failed, out var origin))
        {
            return failed;
        }

        await using var held = origin;
        return await AddAsync(request, origin, preparation, cancellation);
    }

    private async Task<Result<IReadOnlyList<InstanceSupervisor>>> AddAsync(
        CreateInstance request, InstanceOrigin? origin, Preparation? preparation, CancellationToken cancellation)
    {
        using var turn = await catalogue.ChangeAsync(cancellation);
        ServiceGroupRecord? created = null;
        Guid? group = null;
        if (Origins.Use(origin, fleet.Rooms.Time.GetUtcNow()).Failed(out var error, out var used))
        {
            return error;
        }

        if (request.ServiceGroup is { } reference)
        {
            if (catalogue.FindGroup(reference).Failed(out error, out var existing))
            {
                return error;
            }

            group = existing.Uuid;
        }
        else if (request.NewServiceGroup is { } wanted)
        {
            if (groups.Prepare(wanted, persistent: false).Failed(out error, out created))
            {
                return error;
            }

            group = created.Uuid;
        }

        // All checks come before the first port is opened; from there on a failure takes back what was done.
        if ((await _factory.PrepareAsync(request, origin, group, cancellation)).Failed(out error, out var made)
            || created is not null && (await groups.AddAsync(created)).Failed(out error))
        {
            return error;
        }

        if (preparation is not null)
        {
            made = [.. made.Select(record => record with { Preparation = preparation })];
        }

        var changes = made.Select(RecordStore.Put).ToList();
        if (used is not null)
        {
            changes.Add(RecordStore.Put(used));
        }

        if ((await fleet.Records.CommitAsync([.. changes])).Failed(out error))
        {
            if (created is not null)
            {
                await groups.RemoveAsync(created);
            }

            return error;
        }

        if (used is not null)
        {
            catalogue.Put(used);
        }

        var owners = made.Select(Own).ToArray();
        foreach (var owner in owners)
        {
            catalogue.Put(owner);
        }

        fleet.SchedulesChanged.Raise();
        if (group is { } joined)
        {
            await routes.PublishAsync(catalogue.Groups[joined], CancellationToken.None);
        }

        return owners;
    }

    /// <summary>Takes an instance that is one no more out of the catalogue, out of its group and off the node.</summary>
    public async Task RemoveAsync(InstanceSupervisor instance)
    {
        await TakeOutAsync(instance);
        await fleet.Garbage.CollectAsync(CancellationToken.None);
    }

    private async Task TakeOutAsync(InstanceSupervisor instance)
    {
        using var turn = await catalogue.ChangeAsync(CancellationToken.None);
        catalogue.RemoveInstance(instance.Record.Uuid);
        if (instance.Record.ServiceGroup is { } uuid && catalogue.Groups.TryGetValue(uuid, out var group))
        {
            var gone = !group.Persistent && !catalogue.InstancesOf(uuid).Any();
            var result = gone ? await groups.RemoveAsync(group) : await routes.PublishAsync(group, CancellationToken.None);
            if (result.Failed(out var error))
            {
                _logger.Trouble(instance.Record.Name, instance.Record.Uuid, "taking it out of its service group", error);
            }
        }

        try
        {
            if (Directory.Exists(instance.Directory))
            {
                Directory.Delete(instance.Directory, recursive: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _logger.Trouble(
                instance.Record.Name, instance.Record.Uuid, "deleting its directory", new WispError(ErrorCode.OperationFailed, exception.Message));
        }
    }

    private InstanceView View(InstanceSupervisor instance) => instance.View(
        instance.Record.ServiceGroup is { } uuid && catalogue.Groups.TryGetValue(uuid, out var group)
            ? (group.Uuid, group.Name, group.Domains)
            : null);
}
