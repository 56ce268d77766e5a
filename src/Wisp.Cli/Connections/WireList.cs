using System.Text.Json.Serialization.Metadata;
using Wisp.Contracts;
using Wisp.Contracts.Instances;

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
}
