using System.Text;
using Wisp.Guest.Native;
using Wisp.GuestProtocol;

namespace Wisp.Guest.Network;

/// <summary>
/// The host name, and the files that say who and where this machine is. They are mounted over those of the image, as Docker does, and
/// stay open: a clone rewrites them before it answers its first request, and by path that would take it several times as long.
/// </summary>
internal sealed class IdentityFiles
{
    private readonly int _hostname = Mount("hostname"), _hosts = Mount("hosts"), _nameserver = Mount("resolv.conf");

    /// <summary>Writes those that are not as they were.</summary>
    /// <param name="old">Who it was; null before it was anybody.</param>
    /// <param name="identity">Who it is.</param>
    public void Write(GuestIdentity? old, GuestIdentity identity)
    {
        var isRenamed = old?.Hostname != identity.Hostname;
        if (isRenamed)
        {
            _ = Libc.sethostname(identity.Hostname, (nuint)Encoding.UTF8.GetByteCount(identity.Hostname));
            Rewrite(_hostname, identity.Hostname + "\n");
        }

        if (isRenamed || old?.Address != identity.Address)
        {
            Rewrite(_hosts, Hosts(identity.Hostname, identity.Address));
        }

        if (old is null || old.Nameserver != identity.Nameserver)
        {
            Rewrite(_nameserver, identity.Nameserver is { } server ? $"nameserver {server}\n" : "");
        }
    }

    /// <summary>/etc/hosts as Docker writes it. Pure.</summary>
    public static string Hosts(string hostname, string? address) =>
        "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n" + (address is null ? "" : $"{address}\t{hostname}\n");

    // A file in memory: one of the root filesystem would do, but takes two filesystems to write. It needs no name of its own.
    private static int Mount(string name)
    {
        const int createEmpty = 0x40 | 0x200, ownerWrites = 0x1A4;
        var (source, place) = ("/run/" + name, "/etc/" + name);
        _ = Libc.mkdir("/etc", 0x1ED);
        Descriptor.WriteText(place, "");
        var fd = Libc.open(source, Libc.WriteOnly | Libc.CloseOnExec | createEmpty, ownerWrites);
        if (Libc.mount(source, place, "", Libc.MountBind, null) != 0)
        {
            _ = Libc.close(fd);
            fd = Libc.open(place, Libc.WriteOnly | Libc.CloseOnExec, 0);
        }

        _ = Libc.unlink(source);
        return fd;
    }

    private static unsafe void Rewrite(int fd, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* start = bytes)
        {
            // SAFETY: the bytes are pinned and their count is given.
            _ = Libc.pwrite(fd, start, (nuint)bytes.Length, 0);
        }

        _ = Libc.ftruncate(fd, bytes.Length);
    }
}
