using Microsoft.Extensions.Logging;
using Wisp.Network;
using Wisp.Platform.Accounts;
using Wisp.Platform.Records;

namespace Wisp.Platform.Instances;

/// <summary>Instances as they know each other: by name, within their account. Tells the network who reaches whom.</summary>
internal sealed class Peers(Catalogue catalogue, IGuestNetwork network, ILogger logger) : IGuestDirectory
{
    /// <summary>Their account's other instances reach them from now on, where that is allowed.</summary>
    public Task AdmitAsync(IReadOnlyCollection<InstanceRecord> records) => RegroupAsync(records, record => record.Account);

    /// <summary>Nobody reaches it any more.</summary>
    public Task DismissAsync(InstanceRecord record) => RegroupAsync([record], _ => null);

    /// <inheritdoc/>
    public int? Find(int asker, string name) =>
        catalogue.InstanceAt(asker) is { } known && !new AccountView(catalogue, known.Record.Account).FindInstance(ResourceRef.To(name)).Failed(out _, out var found)
            ? found.Record.Slot
            : null;

    /// <inheritdoc/>
    public string? NameOf(int asker, int slot) =>
        catalogue.InstanceAt(asker) is { } known && catalogue.InstanceAt(slot) is { State: not InstanceState.Template } other && other.Record.Account == known.Record.Account
            ? other.Record.Name
            : null;

    /// <inheritdoc/>
    public void Stir(int slot, TimeSpan unseen) => catalogue.InstanceAt(slot)?.Stir(unseen);

    /// <inheritdoc/>
    public void Hold(int slot, TimeSpan time) => catalogue.InstanceAt(slot)?.Backend.Expect(time);

    private async Task RegroupAsync(IReadOnlyCollection<InstanceRecord> records, Func<InstanceRecord, Guid?> group)
    {
        if ((await network.RegroupAsync([.. records.Select(record => (record.Slot, group(record)))], CancellationToken.None)).Failed(out var error))
        {
            logger.NotRegrouped(string.Join(", ", records.Select(record => record.Name)), error);
        }
    }
}
