using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Wisp.Platform.Accounts;
using Wisp.Platform.Audit;
using Wisp.Platform.Instances.Retention;
using Wisp.State;

namespace Wisp.Platform.Records;

/// <summary>The platform's documents in the state store: one key a resource.</summary>
internal sealed class RecordStore(IStateStore store)
{
    private const string InstancePrefix = "instances/";
    private const string GroupPrefix = "services/";
    private const string CertificatePrefix = "certificates/";
    private const string FrozenPrefix = "frozen/";
    private const string RetainedPrefix = "retained/";
    private const string AccountPrefix = "accounts/";
    private const string TokenPrefix = "tokens/";
    private const string AuditPrefix = "audit/";

    public Task<IReadOnlyList<InstanceRecord>> LoadInstancesAsync(CancellationToken cancellation) =>
        LoadAsync(InstancePrefix, RecordJson.Default.InstanceRecord, cancellation);

    public Task<IReadOnlyList<ServiceGroupRecord>> LoadGroupsAsync(CancellationToken cancellation) =>
        LoadAsync(GroupPrefix, RecordJson.Default.ServiceGroupRecord, cancellation);

    public Task<IReadOnlyList<CertificateRecord>> LoadCertificatesAsync(CancellationToken cancellation) =>
        LoadAsync(CertificatePrefix, RecordJson.Default.CertificateRecord, cancellation);

    public Task<IReadOnlyList<FrozenRecord>> LoadFrozenAsync(CancellationToken cancellation) =>
        LoadAsync(FrozenPrefix, RecordJson.Default.FrozenRecord, cancellation);

    public Task<IReadOnlyList<RetainedInstance>> LoadRetainedAsync(CancellationToken cancellation) =>
        LoadAsync(RetainedPrefix, RecordJson.Default.RetainedInstance, cancellation);

    public Task<IReadOnlyList<Account>> LoadAccountsAsync(CancellationToken cancellation) =>
        LoadAsync(AccountPrefix, RecordJson.Default.Account, cancellation);

    public Task<IReadOnlyList<ApiToken>> LoadTokensAsync(CancellationToken cancellation) =>
        LoadAsync(TokenPrefix, RecordJson.Default.ApiToken, cancellation);

    /// <summary>All audit events, those of one account in order.</summary>
    public Task<IReadOnlyList<AuditEvent>> LoadAuditAsync(CancellationToken cancellation) =>
        LoadAsync(AuditPrefix, RecordJson.Default.AuditEvent, cancellation);

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

    public static StateChange Put(CertificateRecord record) =>
        new(CertificatePrefix + record.Uuid, JsonSerializer.SerializeToUtf8Bytes(record, RecordJson.Default.CertificateRecord));

    public static StateChange Put(FrozenRecord record) =>
        new(FrozenPrefix + record.Uuid, JsonSerializer.SerializeToUtf8Bytes(record, RecordJson.Default.FrozenRecord));

    public static StateChange Put(RetainedInstance kept) =>
        new(RetainedPrefix + kept.Instance.Uuid, JsonSerializer.SerializeToUtf8Bytes(kept, RecordJson.Default.RetainedInstance));

    public static StateChange Put(Account account) =>
        new(AccountPrefix + account.Uuid, JsonSerializer.SerializeToUtf8Bytes(account, RecordJson.Default.Account));

    public static StateChange Put(ApiToken token) =>
        new(TokenPrefix + token.Id, JsonSerializer.SerializeToUtf8Bytes(token, RecordJson.Default.ApiToken));

    public static StateChange Put(AuditEvent happened) => new(KeyOf(happened), JsonSerializer.SerializeToUtf8Bytes(happened, RecordJson.Default.AuditEvent));

    public static StateChange Delete(AuditEvent happened) => new(KeyOf(happened), null);

    public static StateChange Delete(Account account) => new(AccountPrefix + account.Uuid, null);

    public static StateChange Delete(ApiToken token) => new(TokenPrefix + token.Id, null);

    public static StateChange Delete(CertificateRecord record) => new(CertificatePrefix + record.Uuid, null);

    public static StateChange Delete(FrozenRecord record) => new(FrozenPrefix + record.Uuid, null);

    public static StateChange Delete(InstanceRecord record) => new(InstancePrefix + record.Uuid, null);

    public static StateChange Delete(RetainedInstance kept) => new(RetainedPrefix + kept.Instance.Uuid, null);

    public static StateChange Delete(ServiceGroupRecord record) => new(GroupPrefix + record.Uuid, null);

    // Of one width, so that keys sort as the events came.
    private static string KeyOf(AuditEvent happened) => string.Create(CultureInfo.InvariantCulture, $"{AuditPrefix}{happened.Account}/{happened.Id:D19}");

    private async Task<IReadOnlyList<T>> LoadAsync<T>(string prefix, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        var entries = await store.ListAsync(prefix, cancellation);
        return [.. entries.Select(entry => JsonSerializer.Deserialize(entry.Value.Span, type)
            ?? throw new InvalidDataException($"The record '{entry.Key}' is empty."))];
    }
}
