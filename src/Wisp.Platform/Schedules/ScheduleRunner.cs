using Microsoft.Extensions.Logging;
using Wisp.Platform.Instances;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Records;

namespace Wisp.Platform.Schedules;

/// <summary>
/// Carries out the schedules of all instances. It sleeps until the first of them is due. What came due while no wispd ran is carried out once,
/// however often it did, as timers of systemd with <c>Persistent=true</c> do; those of one instance in the order in which they came due last.
/// </summary>
internal sealed class ScheduleRunner(Catalogue catalogue, Fleet fleet, ScheduledActs acts) : IAsyncDisposable
{
    // Timers count time that passes. When the host's clock is set or the host was suspended, the next look is not later than this.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(10);

    // Each act is work for a processor and the disk; at midnight there may be many.
    private readonly SemaphoreSlim _places = new(Environment.ProcessorCount + 2, Environment.ProcessorCount + 2);
    private readonly CancellationTokenSource _end = new();
    private readonly BackgroundWork _work = new(fleet.Logger.WorkFailed);
    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _busy = [];
    private readonly TimeProvider _time = fleet.Rooms.Time;
    private readonly ILogger _logger = fleet.Logger;
    private Task _running = Task.CompletedTask;
    private DateTimeOffset _started;

    /// <summary>Begins, with what was missed.</summary>
    public void Start()
    {
        _started = _time.GetUtcNow();
        foreach (var (record, schedule) in catalogue.Instances.Values.SelectMany(instance => instance.Record.Schedules.Select(schedule => (instance.Record, schedule))))
        {
            if (schedule.Event.Failed(out var error, out _))
            {
                _logger.Unreadable(record.Name, record.Uuid, schedule.Name, error);
            }
        }

        _running = Rounds.GoAsync(fleet.SchedulesChanged, () => new(BeginDue()), _logger.RunnerFailed, _time, _end.Token);
    }

    /// <summary>Ends, as often as it is asked. What was under way and is not done is carried out by the next wispd.</summary>
    public async Task StopAsync()
    {
        await _end.CancelAsync();
        await _running;
        await _work.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _end.Dispose();
        _places.Dispose();
    }

    // How long there is nothing to do after it.
    private TimeSpan BeginDue()
    {
        var now = _time.GetUtcNow();
        DateTimeOffset? next = null;
        foreach (var instance in catalogue.Instances.Values)
        {
            if (Next(instance) is not { } due)
            {
                continue;
            }

            if (due > now)
            {
                next = next < due ? next : due;
            }
            else
            {
                Begin(instance);
            }
        }

        return next is not { } first ? Timeout.InfiniteTimeSpan
            : first - now is var left && left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1)
            : left > LongestSleep ? LongestSleep
            : left;
    }

    private DateTimeOffset? Next(InstanceSupervisor instance)
    {
        // One that is there only to become a template has schedules for its clones.
        if (instance is { State: InstanceState.Deleted or InstanceState.Template } or { Record.Preparation: not null } or { Record.Schedules.Count: 0 })
        {
            return null;
        }

        lock (_gate)
        {
            return _busy.Contains(instance.Record.Uuid) ? null : instance.Record.Schedules.Min(schedule => schedule.NextAt);
        }
    }

    private void Begin(InstanceSupervisor instance)
    {
        var uuid = instance.Record.Uuid;
        lock (_gate)
        {
            _busy.Add(uuid);
        }

        _work.Begin(async () =>
        {
            await _places.WaitAsync(_end.Token);
            try
            {
                await CarryOutAsync(instance);
            }
            finally
            {
                _places.Release();
                lock (_gate)
                {
                    _busy.Remove(uuid);
                }

                // It has another next time now.
                fleet.SchedulesChanged.Raise();
            }
        });
    }

    private async Task CarryOutAsync(InstanceSupervisor instance)
    {
        var now = _time.GetUtcNow();
        // The last of them decides how the instance is afterwards, as it would have if somebody had been there.
        var due = instance.Record.Schedules.Select(schedule => (schedule, last: schedule.LastDue(now))).Where(pair => pair.last is not null).OrderBy(pair => pair.last);
        foreach (var (schedule, last) in due.ToArray())
        {
            if (last < _started)
            {
                _logger.Missed(instance.Record.Name, instance.Record.Uuid, schedule.Name, last.Value);
            }

            await DoAsync(instance, schedule);
            // Afterwards, so that one that is cut off by the end of wispd is done by the next. What comes while it is done is left out.
            await instance.CarriedOutAsync(schedule, _time.GetUtcNow(), _end.Token);
        }
    }

    // A schedule outlives its failures.
    private async Task DoAsync(InstanceSupervisor instance, ScheduleRecord schedule)
    {
        var record = instance.Record;
        try
        {
            if ((await acts.DoAsync(record.Account, record.Uuid, schedule.Action, _end.Token)).Failed(out var error))
            {
                _logger.NotCarried(record.Name, record.Uuid, schedule.Name, schedule.Action, error);
            }
            else
            {
                _logger.Carried(record.Name, record.Uuid, schedule.Name, schedule.Action);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !_end.IsCancellationRequested)
        {
            _logger.Broke(exception, record.Name, record.Uuid, schedule.Name);
        }
    }
}
