using System.Runtime.InteropServices;

namespace Wisp.Guest.Native;

/// <summary>struct epoll_event; packed on x86-64.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct EpollEvent
{
    public uint Events;
    public int Fd;
    public int Unused;
}
