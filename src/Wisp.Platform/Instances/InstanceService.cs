using Microsoft.Extensions.Logging;
using Wisp.Machines.Consoles;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Records;
using Wisp.Platform.Services;

namespace Wisp.Platform.Instances;

/// <inheritdoc cref="IInstanceService"/>
internal sealed class InstanceService(
    Catalogue catalogue, ServiceGroupService groups, RoutePublisher routes, Fleet fleet) : IInstanceService
{
    private readonly InstanceFactory _factory = new(catalogue, fleet.Options, fleet.Rooms);
    private readonly ILogger _logger = fleet.Logger;

    /// <inheritdoc/>
    public async Task<Result<IReadOnlyList<InstanceView>>> CreateAsync(CreateInstance request, CancellationToken cancellation)
    {
        if (_factory.Check(request) is { } broken)
        {
            return broken;
        }

        if ((await AddAsync(request, cancellation)).Failed(out var error, out var made))
        {
            return error;
        }

        if (request.Autostart)
        {
            var wait = request.TimeoutS < 0 ? fleet.Options.LongestWait : TimeSpan.FromSeconds(request.TimeoutS);
            var starts = await Task.WhenAll(made.Select(instance => instance.StartAsync(wait, cancellation)));
            if (starts.FirstOrDefault(start => !start.IsSuccess) is { Error: { } failure })
            {
                return failure with
                {
                    Message = $"{failure.Message} The instance was created and is kept for inspection.",
                };
            }
        }

        return made.Select(View).ToArray();
    }

    /// <inheritdoc/>
    public IReadOnlyList<InstanceView> List() =>
        [.. catalogue.Instances.Values.OrderBy(instance => instance.Record.CreatedAt).Select(View)];

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
    public async Task<Result<InstanceView>> WaitAsync(
        ResourceRef reference, InstanceState state, TimeSpan? timeout, CancellationToken cancellation)
    {
        if (catalogue.FindInstance(reference).Failed(out var error, out var instance))
        {
            return error;
        }

        // A deleted instance comes to no other state; waiting for one ends with it.
        return await instance.WaitForAsync(now => now == state || now == InstanceState.Deleted, timeout, cancellation) switch
        {
            null => instance.NotInTime(state),
            InstanceState.Deleted when state != InstanceState.Deleted => instance.NotThere(),
            _ => View(instance),
        };
    }

    /// <inheritdoc/>
    public Result<ConsoleSlice> ReadLog(ResourceRef reference, long offset, int limit) =>
        catalogue.FindInstance(reference).Failed(out var error, out var instance)
            ? error
            : new ConsoleLog(Path.Combine(instance.Directory, ConsoleLog.FileName)).Read(offset, limit);

    /// <summary>Makes the owner of a stored instance, as the node comes up.</summary>
    public InstanceSupervisor Own(InstanceRecord record)
    {
        var ports = record.ServiceGroup is { } uuid && catalogue.Groups.TryGetValue(uuid, out var group)
            ? group.Ports.Select(port => (int)port.Service.DestinationPort).Distinct().ToArray()
            : [];
        return new InstanceSupervisor(record, ports, fleet, RemoveAsync);
    }

    private async Task<Result<IReadOnlyList<InstanceSupervisor>>> AddAsync(CreateInstance request, CancellationToken cancellation)
    {
        using var turn = await catalogue.ChangeAsync(cancellation);
        ServiceGroupRecord? created = null;
        Guid? group = null;
        WispError? error;
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
        if ((await _factory.PrepareAsync(request, group, cancellation)).Failed(out error, out var made)
            || created is not null && (await groups.AddAsync(created)).Failed(out error))
        {
            return error;
        }

        if ((await fleet.Records.CommitAsync([.. made.Select(RecordStore.Put)])).Failed(out error))
        {
            if (created is not null)
            {
                await groups.RemoveAsync(created);
            }

            return error;
        }

        var owners = made.Select(Own).ToArray();
        foreach (var owner in owners)
        {
            catalogue.Put(owner);
        }

        if (group is { } joined)
        {
            await routes.PublishAsync(catalogue.Groups[joined], CancellationToken.None);
        }

        return owners;
    }

    private async Task RemoveAsync(InstanceSupervisor instance)
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
