namespace Wisp.Guest.Control;

/// <summary>
/// A node's number says all there is to know of it, so that none need be remembered or forgotten: what it is (8 bits), of which child
/// (24 bits), and a serial number (32 bits).
/// </summary>
/// <param name="Id">The number; the kernel has fixed the root's as 1.</param>
internal readonly record struct Node(ulong Id)
{
    public static Node Root => new(1);

    public static Node Of(NodeKind kind, int child = 0, uint serial = 0) => new((byte)kind | ((ulong)(uint)child << 8) | ((ulong)serial << 32));

    public NodeKind Kind => (NodeKind)(byte)Id;

    public int Child => (int)(Id >> 8) & 0xFFFFFF;

    /// <summary>The number that users see: the same for every serial number.</summary>
    public ulong Inode => Id & 0xFFFFFFFF;

    public bool IsDirectory => Kind is NodeKind.Root or NodeKind.Children or NodeKind.Child;

    /// <summary>
    /// Whether writes to it wait. The kernel lets one write at a time into an inode, and the next one waits where no signal reaches it;
    /// so each lookup gets an inode of its own, told apart by the serial number.
    /// </summary>
    public bool Waits => Kind is NodeKind.Fork or NodeKind.Template or NodeKind.Wait;

    /// <summary>Type and permissions: anybody in the guest may use it.</summary>
    public uint Mode => Kind switch
    {
        // S_IFDIR 0555, S_IFREG 0444 and 0666
        NodeKind.Root or NodeKind.Children or NodeKind.Child => 0x4000 | 0x16D,
        NodeKind.Snapshot or NodeKind.CreationTime or NodeKind.Status => 0x8000 | 0x124,
        _ => 0x8000 | 0x1B6,
    };
}
