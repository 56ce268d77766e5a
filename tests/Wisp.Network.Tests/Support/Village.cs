using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Wisp.Network.Tests.Support;

/// <summary>Guests with names and accounts.</summary>
internal sealed class Village : IGuestDirectory
{
    private readonly Channel<int> _stirred = Channel.CreateUnbounded<int>();
    private readonly Channel<int> _held = Channel.CreateUnbounded<int>();

    public ConcurrentDictionary<int, (string Account, string Name)> Guests { get; } = new();

    /// <summary>Whom packets were told of.</summary>
    public ChannelReader<int> Stirred => _stirred.Reader;

    /// <summary>Who was asked and has not answered.</summary>
    public ChannelReader<int> Held => _held.Reader;

    public int? Find(int asker, string name) =>
        Guests.TryGetValue(asker, out var known)
            ? Guests.Where(guest => guest.Value == (known.Account, name)).Select(guest => (int?)guest.Key).FirstOrDefault()
            : null;

    public string? NameOf(int asker, int slot) =>
        Guests.TryGetValue(asker, out var known) && Guests.TryGetValue(slot, out var other) && other.Account == known.Account ? other.Name : null;

    public void Stir(int slot, TimeSpan unseen) => _stirred.Writer.TryWrite(slot);

    public void Hold(int slot, TimeSpan time) => _held.Writer.TryWrite(slot);
}
