using System.Runtime.InteropServices;
using Wisp.Guest.Native;

namespace Wisp.Guest.Tests.Native;

/// <summary>Structures that the kernel fills or reads have its layout (x86-64).</summary>
public sealed class LayoutTests
{
    [Fact]
    public void Timespec_is_two_64_bit_numbers() => Assert.Equal(16, Marshal.SizeOf<Timespec>());

    [Fact]
    public void Epoll_event_is_packed()
    {
        Assert.Equal(12, Marshal.SizeOf<EpollEvent>());
        Assert.Equal(4, (int)Marshal.OffsetOf<EpollEvent>(nameof(EpollEvent.Fd)));
    }
}
