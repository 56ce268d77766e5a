namespace Wisp.Platform.Autoscale;

/// <summary>
/// Decides how a group goes on. Pure: all that it knows is in the <see cref="Situation"/>. The size is always brought between the smallest and
/// the largest; beyond that policies vote, except while the last change takes effect. The largest growth wins; the group shrinks only
/// when all who have an opinion want that, by the least that one of them wants. While what was made ends at once, no more is made but after a pause.
/// </summary>
internal static class Scaler
{
    /// <summary>What is to be done now.</summary>
    public static Decision Decide(Situation now)
    {
        var (settings, size) = (now.Settings, now.Members.Count);
        if (size < settings.MinSize)
        {
            if (now.Crashes.Forbid(now.Now))
            {
                return Decision.Nothing("what was made last ended at once");
            }

            return new Decision((int)settings.MinSize - size, [], $"{size} instances, at least {settings.MinSize}");
        }

        if (size > settings.MaxSize)
        {
            // The one case in which instances go that have something to do: they finish that.
            Guid[] surplus = [.. Leaving(now.Members.Where(member => member.IsOwn)).Take(size - (int)settings.MaxSize)];
            return surplus.Length > 0 ? new Decision(0, surplus, $"{size} instances, at most {settings.MaxSize}") : Decision.Nothing("more instances than autoscale made");
        }

        if (now.Now - now.History.GrewAt < settings.Warmup)
        {
            return Decision.Nothing("new instances warm up");
        }

        if (now.Now - now.History.ShrankAt < settings.Cooldown)
        {
            return Decision.Nothing("the group cools down");
        }

        Vote[] votes = [.. settings.Policies.Where(policy => policy.Enabled).Select(policy => policy.Kind switch
        {
            PolicyKind.Step => StepVote(policy, now),
            PolicyKind.OnDemand => DemandVote(policy, now),
            PolicyKind.Idle => IdleVote(policy, now),
            _ => null,
        }).OfType<Vote>()];
        return (now.Crashes.Forbid(now.Now) ? null : Replace(now, votes) ?? Grow(now, votes)) ?? Shrink(now, votes) ?? Decision.Nothing("as many as needed");
    }

    /// <summary>True when a request that finds none free would change something.</summary>
    public static bool ListensToDemand(Situation now) =>
        now.Settings.Policies.Any(policy => policy is { Enabled: true, Kind: PolicyKind.OnDemand }) && Decide(now with { NoneFree = true }).Create > 0;

    private static Decision? Grow(Situation now, Vote[] votes)
    {
        var most = votes.Where(vote => vote.Change > 0).OrderByDescending(vote => vote.Change).FirstOrDefault();
        var create = Math.Min(most.Change, (int)now.Settings.MaxSize - now.Members.Count);
        return create > 0 ? new Decision(create, [], $"policy '{most.Policy}'") : null;
    }

    private static Decision? Shrink(Situation now, Vote[] votes)
    {
        // One that starts would go before it was of any use.
        if (votes.Length == 0 || votes.Any(vote => vote.Change >= 0) || now.Members.Any(member => member.IsStarting))
        {
            return null;
        }

        var least = votes.MaxBy(vote => vote.Change);
        var enough = IdleTime(now.Settings);
        Guid[] going = [.. Leaving(now.Members.Where(member => member.IsOwn && member.InFlight == 0 && member.Idle >= enough))
            .Take(Math.Min(-least.Change, now.Members.Count - (int)now.Settings.MinSize))];
        return going.Length > 0 ? new Decision(0, going, $"policy '{least.Policy}'") : null;
    }

    // Instances that have served enough get a companion, or give their place to one.
    private static Decision? Replace(Situation now, Vote[] votes)
    {
        var (companions, goingOnes) = (new HashSet<Guid>(), new HashSet<Guid>());
        foreach (var policy in now.Settings.Policies.Where(policy => policy is { Enabled: true, Kind: PolicyKind.Create }))
        {
            foreach (var member in now.Members.Where(member => member.Served >= policy.Requests && !now.Answered.Contains(member.Id)))
            {
                companions.Add(member.Id);
                if (policy.Replace && member.IsOwn)
                {
                    goingOnes.Add(member.Id);
                }
            }
        }

        var room = (int)now.Settings.MaxSize - now.Members.Count + goingOnes.Count;
        // Those that are replaced first: they take no room.
        Guid[] answered = [.. goingOnes, .. companions.Except(goingOnes)];
        answered = [.. answered.Take(room)];
        var going = answered.Where(goingOnes.Contains).ToArray();
        var wanted = Math.Max(answered.Length, votes.Select(vote => vote.Change).DefaultIfEmpty().Max());
        return answered.Length == 0 ? null
            : new Decision(Math.Min(wanted, (int)now.Settings.MaxSize - now.Members.Count + going.Length), going, $"{answered.Length} instances served enough requests") { Answered = answered };
    }

    private static Vote? StepVote(ScalingPolicy policy, Situation now)
    {
        // Those that start say nothing of the load yet.
        if (now.Members.Count == 0 || now.Members.Any(member => member.IsStarting))
        {
            return null;
        }

        var value = policy.Metric switch
        {
            ScalingMetric.Cpu => now.Members.Average(member => member.Millicores),
            ScalingMetric.InflightReqs => now.Members.Sum(member => (double)member.InFlight),
            _ => now.Members.Sum(member => member.RequestsPerSecond),
        };
        return policy.Steps.FirstOrDefault(step => step.Holds(value)) is { } step ? new Vote(policy.Name, Change(policy, step, now.Members.Count)) : null;
    }

    private static int Change(ScalingPolicy policy, ScalingStep step, int size) => policy.Adjustment switch
    {
        ScalingAdjustment.Exact => (int)step.Adjustment - size,
        ScalingAdjustment.Percentage => (int)(Math.Sign(step.Adjustment) * Math.Max(1, Math.Round(size * Math.Abs(step.Adjustment) / 100.0, MidpointRounding.AwayFromZero))),
        _ => (int)step.Adjustment,
    };

    // One for each request that should not be where it is; those that start will take some.
    private static Vote? DemandVote(ScalingPolicy policy, Situation now)
    {
        if (!now.NoneFree)
        {
            return null;
        }

        var starting = now.Members.Count(member => member.IsStarting);
        var tooMany = now.Members.Sum(member => Math.Max(0L, member.InFlight - now.SoftLimit));
        var wanted = ((Math.Max(tooMany, 1) + now.SoftLimit - 1) / now.SoftLimit) - starting;
        return wanted > 0 ? new Vote(policy.Name, (int)Math.Min(wanted, AutoscaleRules.LargestSize)) : null;
    }

    private static Vote? IdleVote(ScalingPolicy policy, Situation now) =>
        new Vote(policy.Name, -now.Members.Count(member => member is { IsOwn: true, InFlight: 0 } && member.Idle >= policy.IdleTime));

    private static TimeSpan IdleTime(AutoscaleSettings settings) => settings.Policies
        .Where(policy => policy is { Enabled: true, Kind: PolicyKind.Idle }).Select(policy => policy.IdleTime).DefaultIfEmpty().Max();

    // Those that are needed least first.
    private static IEnumerable<Guid> Leaving(IEnumerable<Member> members) => members
        .OrderBy(member => member.InFlight).ThenByDescending(member => member.Idle).ThenByDescending(member => member.CreatedAt).ThenBy(member => member.Id)
        .Select(member => member.Id);
}
