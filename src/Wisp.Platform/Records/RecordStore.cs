using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Wisp.State;

namespace Wisp.Platform.Records;

/// <summary>The platform's documents in the state store: one key a resource.</summary>
internal sealed class RecordStore(IStateStore store)
{
    private const string InstancePrefix = "instances/";
    private const string GroupPrefix = "services/";
    private const string FrozenPrefix = "frozen/";

    public Task<IReadOnlyList<InstanceRecord>> LoadInstancesAsync(CancellationToken cancellation) =>
        LoadAsync(InstancePrefix, RecordJson.Default.InstanceRecord, cancellation);

    public Task<IReadOnlyList<ServiceGroupRecord>> LoadGroupsAsync(CancellationToken cancellation) =>
        LoadAsync(GroupPrefix, RecordJson.Default.ServiceGroupRecord, cancellation);

    public Task<IReadOnlyList<FrozenRecord>> LoadFrozenAsync(CancellationToken cancellation) =>
        LoadAsync(FrozenPrefix, RecordJson.Default.FrozenRecord, cancellation);

    public async Task<Result> CommitAsync(params StateChange[] changes)
    {
        // A change that was decided is carried out whoever hangs up meanwhile, hence no cancellation.
        var result = await store.CommitAsync(changes, CancellationToken.None);
        return result.Failed(out var error, out _) ? error : Result.Success;
    }

    public static StateChange Put(InstanceRecord record) =>
        new(InstancePrefix + record.Uuid, JsonSerializer.SerializeToUtf8Bytes(record, RecordJson.Default.InstanceRecord));

    public static StateChange Put(ServiceGroupRecord record) =>
        new(GroupPrefix + record.Uuid, JsonSerializer.SerializeToUtf8Bytes(record, RecordJson.Default.ServiceGroupRecord));

    public static StateChange Put(FrozenRecord record) =>
        new(FrozenPrefix + record.Uuid, JsonSerializer.SerializeToUtf8Bytes(record, RecordJson.Default.FrozenRecord));

    public static StateChange Delete(FrozenRecord record) => new(FrozenPrefix + record.Uuid, null);

    public static StateChange Delete(InstanceRecord record) => new(InstancePrefix + record.Uuid, null);

    public static StateChange Delete(ServiceGroupRecord record) => new(GroupPrefix + record.Uuid, null);

    private async Task<IReadOnlyList<T>> LoadAsync<T>(string prefix, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        var entries = await store.ListAsync(prefix, cancellation);
        return [.. entries.Select(entry => JsonSerializer.Deserialize(entry.Value.Span, type)
            ?? throw new InvalidDataException($"The record '{entry.Key}' is empty."))];
    }
}
