using System.Text.Json.Serialization.Metadata;
using Wisp.Contracts;
using Wisp.Contracts.Images;
using Wisp.Contracts.Instances;
using Wisp.Contracts.Services;
using Wisp.Contracts.Snapshots;

namespace Wisp.Cli.Connections;

/// <summary>How an answer with a list of items is read.</summary>
/// <param name="type">The envelope's JSON.</param>
/// <param name="items">Its list.</param>
internal sealed class WireList<TData, TItem>(JsonTypeInfo<Envelope<TData>> type, Func<TData, IReadOnlyList<TItem>?> items)
    where TData : class where TItem : Item
{
    public JsonTypeInfo<Envelope<TData>> Type => type;

    public IReadOnlyList<TItem> ItemsOf(Envelope<TData> envelope) => envelope.Data is { } data ? items(data) ?? [] : [];
}

/// <summary>The lists of the API.</summary>
internal static class WireLists
{
    public static readonly WireList<InstancesData, Instance> Instances = new(WireJson.Default.EnvelopeInstancesData, data => data.Instances);
    public static readonly WireList<TransitionsData, InstanceTransition> Transitions = new(WireJson.Default.EnvelopeTransitionsData, data => data.Instances);
    public static readonly WireList<LogsData, InstanceLog> Logs = new(WireJson.Default.EnvelopeLogsData, data => data.Instances);
    public static readonly WireList<HistoriesData, InstanceHistory> Histories = new(WireJson.Default.EnvelopeHistoriesData, data => data.Instances);
    public static readonly WireList<ChangesData, ResourceChange> Changes = new(WireJson.Default.EnvelopeChangesData, data => data.Instances);
    public static readonly WireList<SnapshotsData, Snapshot> Snapshots = new(WireJson.Default.EnvelopeSnapshotsData, data => data.Snapshots);
    public static readonly WireList<ServiceGroupsData, ServiceGroup> Services = new(WireJson.Default.EnvelopeServiceGroupsData, data => data.ServiceGroups);
    public static readonly WireList<ImagesData, Image> Images = new(WireJson.Default.EnvelopeImagesData, data => data.Images);
}
