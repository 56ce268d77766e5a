using Wisp.Guest.Fuse;

namespace Wisp.Guest.Control;

/// <summary>What is where in /uk/libukp.</summary>
internal sealed class ControlTree(ForkChildren children)
{
    private uint _serial;

    /// <summary>What is called so in a directory.</summary>
    public Node Find(Node directory, ReadOnlySpan<byte> name)
    {
        if (directory.Kind == NodeKind.Children)
        {
            return children.Find(name) is >= 0 and var number ? Node.Of(NodeKind.Child, number) : default;
        }

        for (var at = 0; Entry(directory.Kind, at) is { IsEmpty: false } known; at++)
        {
            if (known.SequenceEqual(name))
            {
                var node = Node.Of(KindOf(directory.Kind, at), directory.Child);
                return node.Waits ? Node.Of(node.Kind, node.Child, ++_serial) : node;
            }
        }

        return default;
    }

    /// <summary>Whether a node is of a child that is not (any more).</summary>
    public bool IsStale(Node node) =>
        node.Kind is NodeKind.None or > NodeKind.Wait || (node.Kind >= NodeKind.Child && children[node.Child] is not { Gone: false });

    /// <summary>Writes the entries from one on, as many as fit.</summary>
    public void List(Node directory, ulong from, int limit, ref FuseReply reply)
    {
        Span<byte> uuid = stackalloc byte[36];
        for (var at = (int)from; ; at++)
        {
            Node node;
            scoped ReadOnlySpan<byte> name;
            if (directory.Kind == NodeKind.Children)
            {
                // Where the numbers begin may have moved up since.
                at = Math.Max(at, children.First);
                if (at >= children.End)
                {
                    return;
                }

                if (children[at] is not { Gone: false } child)
                {
                    continue;
                }

                _ = child.Uuid.TryFormat(uuid, out _);
                name = uuid;
                node = Node.Of(NodeKind.Child, at);
            }
            else
            {
                name = Entry(directory.Kind, at);
                if (name.IsEmpty)
                {
                    return;
                }

                node = Node.Of(KindOf(directory.Kind, at), directory.Child);
            }

            if (!reply.Entry(node.Inode, (ulong)at + 1, node.IsDirectory, name, limit))
            {
                return;
            }
        }
    }

    private static NodeKind KindOf(NodeKind directory, int at) => (directory == NodeKind.Root ? NodeKind.Fork : NodeKind.Snapshot) + (byte)at;

    // In the order of NodeKind.
    private static ReadOnlySpan<byte> Entry(NodeKind directory, int at) => (directory, at) switch
    {
        (NodeKind.Root, 0) => "fork"u8,
        (NodeKind.Root, 1) => "template_instance"u8,
        (NodeKind.Root, 2) => "scale_to_zero_disable"u8,
        (NodeKind.Root, 3) => "vm"u8,
        (NodeKind.Child, 0) => "snapshot"u8,
        (NodeKind.Child, 1) => "creation_time"u8,
        (NodeKind.Child, 2) => "status"u8,
        (NodeKind.Child, 3) => "wait"u8,
        _ => default,
    };
}
