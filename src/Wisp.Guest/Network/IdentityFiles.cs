using System.Text;
using Wisp.Guest.Native;
using Wisp.GuestProtocol;

namespace Wisp.Guest.Network;

/// <summary>The host name, and the files that say who and where this machine is.</summary>
internal static class IdentityFiles
{
    /// <summary>Writes those that are not as they were.</summary>
    /// <param name="old">Who it was; null before it was anybody.</param>
    /// <param name="identity">Who it is.</param>
    public static void Write(GuestIdentity? old, GuestIdentity identity)
    {
        var isRenamed = old?.Hostname != identity.Hostname;
        if (isRenamed)
        {
            _ = Libc.sethostname(identity.Hostname, (nuint)Encoding.UTF8.GetByteCount(identity.Hostname));
            Descriptor.WriteText("/etc/hostname", identity.Hostname + "\n");
        }

        if (isRenamed || old?.Address != identity.Address)
        {
            Descriptor.WriteText("/etc/hosts", Hosts(identity.Hostname, identity.Address));
        }

        if (old is null || old.Nameserver != identity.Nameserver)
        {
            Descriptor.WriteText("/etc/resolv.conf", identity.Nameserver is { } server ? $"nameserver {server}\n" : "");
        }
    }

    /// <summary>/etc/hosts as Docker writes it. Pure.</summary>
    public static string Hosts(string hostname, string? address) =>
        "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n" + (address is null ? "" : $"{address}\t{hostname}\n");
}
