using Microsoft.Extensions.Logging;
using Wisp.Platform.Instances;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Records;

namespace Wisp.Platform.Autoscale;

/// <summary>
/// Looks at every group that scales, once a second and when a request finds none free, decides (<see cref="Scaler"/>), and has it carried out,
/// one decision of a group at a time. It also clears away what autoscale made and nobody needs: what has ended, and what is left of a
/// group that scales no more. While no group scales it sleeps.
/// </summary>
internal sealed class ScalingLoop(Catalogue catalogue, Fleet fleet, ScalingGroups groups, ScalingActs acts) : IAsyncDisposable
{
    /// <summary>How often all groups are looked at.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _end = new();
    private readonly BackgroundWork _work = new(fleet.Logger.WorkFailed);
    private readonly TimeProvider _time = fleet.Rooms.Time;
    private readonly ILogger _logger = fleet.Logger;
    private Task _running = Task.CompletedTask;

    /// <summary>Begins.</summary>
    public void Start() => _running = Rounds.GoAsync(groups.Look, () => new(LookAtAll()), _logger.ScalingFailed, _time, _end.Token);

    /// <summary>Ends, as often as it is asked. What was under way is decided anew by the next wispd.</summary>
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
    }

    private TimeSpan LookAtAll()
    {
        var own = catalogue.Instances.Values.Where(instance => instance.Record is { IsAutoscaled: true, Preparation: null }).ToLookup(instance => instance.Record.ServiceGroup);
        var all = catalogue.Groups;
        groups.Keep(all.ContainsKey);
        var waits = all.Values.Where(group => group.Autoscale is not null || own.Contains(group.Uuid))
            .Select(group => LookAt(group, groups.Of(group.Uuid), own[group.Uuid])).ToArray();
        return waits.Length > 0 ? waits.Min() : Timeout.InfiniteTimeSpan;
    }

    // How long there is nothing to do after it, unless it is called for.
    private TimeSpan LookAt(ServiceGroupRecord group, ScalingGroup scaling, IEnumerable<InstanceSupervisor> own)
    {
        if (scaling.IsBusy)
        {
            return Period;
        }

        // Who serves is looked at first: one that ends meanwhile is counted before another is made in its place.
        var now = group.Autoscale is { } scales ? Situation(group, scales, scaling) : null;
        scaling.Counted.IntersectWith(own.Select(instance => instance.Record.Uuid));
        foreach (var ended in own.Where(instance => instance.HasEnded))
        {
            if (EndedByItself(ended) && scaling.Counted.Add(ended.Record.Uuid))
            {
                scaling.Crashes = scaling.Crashes.And(ended.Record.CreatedAt, ended.Record.StoppedAt ?? _time.GetUtcNow());
                if (scaling.Crashes.Forbid(_time.GetUtcNow()))
                {
                    _logger.EndedEarly(group.Name, group.Uuid, ended.Record.Name, scaling.Crashes.Pause.TotalSeconds);
                }
                else
                {
                    _logger.Ended(group.Name, group.Uuid, ended.Record.Name);
                }
            }

            _work.Begin(ended.RemoveAutoscaledAsync);
        }

        if (now is null)
        {
            _work.Begin(() => ScalingActs.RetireAsync(own, TimeSpan.Zero));
            return Period;
        }

        now = now with { Crashes = scaling.Crashes };
        var settings = now.Settings;
        scaling.IsNearLimit = settings.HighWatermark > 0 && now.Members.Count >= settings.HighWatermark * settings.MaxSize;
        var decision = now.Now < scaling.NotBefore ? Decision.Nothing("the last attempt failed") : Scaler.Decide(now);
        scaling.Listen(!decision.IsChange && now.Now >= scaling.NotBefore && Scaler.ListensToDemand(now));
        if (decision.IsChange)
        {
            Begin(group, scaling, decision);
        }

        // In the middle of a round the last change may have taken effect.
        return ((TimeSpan?[])[now.History.GrewAt + settings.Warmup - now.Now, now.History.ShrankAt + settings.Cooldown - now.Now, Period])
            .OfType<TimeSpan>().Where(wait => wait > TimeSpan.Zero).Min() is var soonest && soonest < ShortestWait ? ShortestWait : soonest;
    }

    private Situation Situation(ServiceGroupRecord group, AutoscaleSettings settings, ScalingGroup scaling)
    {
        var now = _time.GetUtcNow();
        var serving = catalogue.InstancesOf(group.Uuid).Where(instance => instance.Record.Preparation is null
            && instance.State is InstanceState.Starting or InstanceState.Running or InstanceState.Standby).ToArray();
        scaling.Sampler.Look(serving, now, settings.Policies.Any(policy => policy is { Enabled: true, Kind: PolicyKind.Step, Metric: ScalingMetric.Cpu }));
        scaling.Answered.IntersectWith(serving.Select(instance => instance.Record.Uuid));
        return new Situation(settings, [.. serving.Select(instance => Describe(instance, scaling.Sampler))], group.ScaleHistory, now)
        {
            SoftLimit = group.SoftLimit, NoneFree = scaling.TakeDemand(), Answered = scaling.Answered,
        };
    }

    // One that served and then said that it was done has done its work.
    private static bool EndedByItself(InstanceSupervisor instance) =>
        StopClassifier.IsByItself(instance.Record.Stop) && (instance.Record.Stop is not { ExitCode: 0 } || instance.Backend.Total == 0);

    private static Member Describe(InstanceSupervisor instance, Sampler sampler) => new(
        instance.Record.Uuid, instance.Record.IsAutoscaled, instance.State == InstanceState.Starting, instance.Record.CreatedAt)
    {
        InFlight = instance.Backend.InFlight,
        Served = instance.Backend.Total,
        RequestsPerSecond = sampler.Of(instance.Record.Uuid).Requests,
        Millicores = sampler.Of(instance.Record.Uuid).Millicores,
        Idle = instance.Backend.Idle,
    };

    private void Begin(ServiceGroupRecord group, ScalingGroup scaling, Decision decision)
    {
        scaling.IsBusy = true;
        _logger.Scales(group.Name, group.Uuid, decision.Create, decision.Remove.Count, decision.Reason);
        _work.Begin(async () =>
        {
            try
            {
                var done = await acts.CarryOutAsync(group.Uuid, decision, _end.Token);
                if (done.Failed(out var error, out var carriedOut))
                {
                    _logger.NotScaled(group.Name, group.Uuid, error);
                    scaling.NotBefore = _time.GetUtcNow() + AfterFailure;
                }
                else
                {
                    scaling.Answered.UnionWith(carriedOut.Answered);
                }
            }
            finally
            {
                scaling.IsBusy = false;
                groups.Look.Raise();
            }
        });
    }
}
