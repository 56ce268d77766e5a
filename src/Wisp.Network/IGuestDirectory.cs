namespace Wisp.Network;

/// <summary>What the guest network has to know of the guests beyond addresses. Called for every question and every stirring: it must not wait.</summary>
public interface IGuestDirectory
{
    /// <summary>The slot of the guest that another one knows by a name; null when there is none that it may know.</summary>
    /// <param name="asker">Who asks.</param>
    /// <param name="name">The name, in lower case.</param>
    int? Find(int asker, string name);

    /// <summary>The name by which a guest knows another; null when it may not know it.</summary>
    /// <param name="asker">Who asks.</param>
    /// <param name="slot">The other, or itself.</param>
    string? NameOf(int asker, int slot);

    /// <summary>Says that a packet of another guest is on its way to this one, and that more may follow unseen for a while.</summary>
    /// <param name="slot">Whom it is for.</param>
    /// <param name="unseen">How long they may.</param>
    void Stir(int slot, TimeSpan unseen);

    /// <summary>Says that a guest was asked something by another and has not answered yet.</summary>
    /// <param name="slot">Who was asked.</param>
    /// <param name="time">How long it shall not fall asleep for that.</param>
    void Hold(int slot, TimeSpan time);
}
