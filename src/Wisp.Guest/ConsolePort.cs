using Wisp.Guest.Native;

namespace Wisp.Guest;

/// <summary>Copies the application's output to hvc0, byte for byte.</summary>
internal sealed unsafe class ConsolePort
{
    private readonly byte[] _buffer = new byte[16384];

    public ConsolePort()
    {
        Fd = Libc.open("/dev/hvc0", Libc.WriteOnly | Libc.CloseOnExec | Libc.NoControllingTerminal, 0);
        // SAFETY: struct termios is 60 bytes in glibc on x86-64; 128 leave room.
        var settings = stackalloc byte[128];
        if (Fd >= 0 && Libc.tcgetattr(Fd, settings) == 0)
        {
            Libc.cfmakeraw(settings);
            _ = Libc.tcsetattr(Fd, 0, settings);
        }
    }

    /// <summary>The console.</summary>
    public int Fd { get; }

    /// <summary>Copies what is there; false once the other end is closed.</summary>
    public bool Copy(int from)
    {
        var count = Descriptor.Read(from, _buffer);
        if (count > 0)
        {
            Descriptor.Write(Fd, _buffer.AsSpan(0, count));
        }

        return count > 0;
    }

    public void Write(string text) => Descriptor.Write(Fd, System.Text.Encoding.UTF8.GetBytes(text));
}
