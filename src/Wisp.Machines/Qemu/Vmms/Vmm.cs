namespace Wisp.Machines.Qemu.Vmms;

/// <summary>A VMM that runs: with a guest, or blank.</summary>
/// <param name="Record">What is kept of it.</param>
/// <param name="Files">Its files, where they are now.</param>
/// <param name="Process">Its process.</param>
/// <param name="Connection">The sockets to it.</param>
/// <param name="Attachment">The line that descriptors are handed over on; null until one is needed, after an adoption.</param>
internal sealed record Vmm(VmmRecord Record, VmmFiles Files, VmmProcess Process, VmmConnection Connection, Attachment? Attachment)
    : IAsyncDisposable
{
    /// <summary>Gives it to a machine: its directory becomes the machine's.</summary>
    /// <exception cref="IOException">It cannot be moved.</exception>
    public Vmm MoveTo(VmmFiles place)
    {
        if (Directory.Exists(place.Directory))
        {
            // The logs of the one before.
            Directory.Delete(place.Directory, recursive: true);
        }

        Directory.Move(Files.Directory, place.Directory);
        return this with { Files = place };
    }

    /// <summary>Hangs up; it runs on.</summary>
    public async ValueTask DisposeAsync()
    {
        Attachment?.Dispose();
        await Connection.DisposeAsync();
    }
}
