using Wisp.Platform.Instances.Supervision;

namespace Wisp.Platform.Autoscale;

/// <summary>How much the instances of a group did in each second, from what they did in all.</summary>
internal sealed class Sampler
{
    private readonly Dictionary<Guid, Sample> _samples = [];

    /// <summary>Looks at them, once a second at most: a shorter time says nothing.</summary>
    public void Look(IReadOnlyList<InstanceSupervisor> instances, DateTimeOffset now, bool cpu)
    {
        foreach (var gone in _samples.Keys.Except(instances.Select(instance => instance.Record.Uuid)).ToArray())
        {
            _samples.Remove(gone);
        }

        foreach (var instance in instances)
        {
            var last = _samples.GetValueOrDefault(instance.Record.Uuid);
            var passed = now - last.At;
            if (last.At != default && passed < ScalingLoop.Period)
            {
                continue;
            }

            var (served, used) = (instance.Backend.Total, cpu ? instance.CpuTime : TimeSpan.Zero);
            // One that was started anew counts from zero again.
            _samples[instance.Record.Uuid] = last.At == default || served < last.Served || used < last.Used
                ? new Sample(now, served, used, 0, 0)
                : new Sample(now, served, used, (served - last.Served) / passed.TotalSeconds, (used - last.Used) / passed * 1000);
        }
    }

    /// <summary>What an instance did of late: requests, and thousandths of a processor.</summary>
    public (double Requests, double Millicores) Of(Guid instance) => _samples.GetValueOrDefault(instance) is var sample ? (sample.Requests, sample.Millicores) : default;

    private readonly record struct Sample(DateTimeOffset At, long Served, TimeSpan Used, double Requests, double Millicores);
}
