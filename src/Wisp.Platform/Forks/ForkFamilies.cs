using System.Collections.Concurrent;
using System.Globalization;
using Wisp.GuestProtocol;
using Wisp.Machines;
using Wisp.Platform.Instances;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Records;

namespace Wisp.Platform.Forks;

/// <summary>Tells parents how their children stand: every change, in order, and what came while they had no machine once they have one.</summary>
internal sealed class ForkFamilies(Catalogue catalogue, BackgroundWork work)
{
    private readonly ConcurrentDictionary<Guid, ForkNews> _news = new();

    /// <summary>The children that a parent forked in this life of its guest; of those of an earlier one it has never heard.</summary>
    public static IEnumerable<InstanceSupervisor> ChildrenOf(InstanceSupervisor parent, Catalogue catalogue) =>
        catalogue.Instances.Values.Where(child => IsChild(child.Record, parent.Record));

    private static bool IsChild(InstanceRecord child, InstanceRecord parent) => child.ForkedFrom == parent.Uuid && child.ForkLife == parent.Life;

    /// <summary>An instance's state is another. In its turn.</summary>
    public void Changed(InstanceSupervisor instance, InstanceState state)
    {
        var uuid = instance.Record.Uuid;
        if (state == InstanceState.Deleted)
        {
            _news.TryRemove(uuid, out _);
        }
        else if (_news.TryGetValue(uuid, out var waiting) && waiting.Life == instance.Record.Life && waiting.TryServe())
        {
            work.Begin(() => ServeAsync(instance, waiting));
        }

        if (instance.Record.ForkedFrom is { } parent
            && catalogue.Instances.TryGetValue(parent, out var owner) && IsChild(instance.Record, owner.Record))
        {
            Say(owner, Describe(instance, state));
        }
    }

    /// <summary>Tells a parent how its child stands now.</summary>
    public void Follow(InstanceSupervisor child) => Changed(child, child.State);

    /// <summary>Waits until a parent has been told all that there is to tell, or cannot be told now.</summary>
    public Task SettleAsync(Guid parent) => _news.TryGetValue(parent, out var news) ? news.Served : Task.CompletedTask;

    private void Say(InstanceSupervisor parent, ForkChild child)
    {
        var life = parent.Record.Life;
        var news = _news.AddOrUpdate(parent.Record.Uuid, _ => new ForkNews(life), (_, old) => old.Life == life ? old : new ForkNews(life));
        news.Add(child);
        if (news.TryServe())
        {
            work.Begin(() => ServeAsync(parent, news));
        }
    }

    private static async Task ServeAsync(InstanceSupervisor parent, ForkNews news)
    {
        while (news.Next() is { } child)
        {
            if (news.Life == parent.Record.Life && (await parent.TellAsync(new GuestNews.Child(child))).IsSuccess)
            {
                news.Told();
            }
            else if (news.TryRest())
            {
                // It has no machine now, or another life. It hears the rest when its state is another and its life the same.
                return;
            }
        }
    }

    private static ForkChild Describe(InstanceSupervisor child, InstanceState state) => new()
    {
        Uuid = child.Record.Uuid,
        Snapshot = child.Record.Origin?.ToString() ?? "",
        CreationTime = child.Record.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        Status = state.ToString(),
        ExitCode = state is InstanceState.Stopped or InstanceState.Deleted ? child.Record.Stop?.ExitCode : null,
        Gone = state == InstanceState.Deleted,
    };
}
