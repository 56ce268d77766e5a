using System.Diagnostics;
using System.Net.Sockets;

namespace Wisp.Machines.Tests.Support;

/// <summary>A real QEMU with no machine in it: it talks QMP and does nothing else.</summary>
internal sealed class IdleQemu : IDisposable
{
    private IdleQemu(Socket socket, Process process) => (Socket, Process) = (socket, process);

    public Socket Socket { get; }

    public Process Process { get; }

    public static async Task<IdleQemu> StartAsync()
    {
        const string program = "/usr/bin/qemu-system-x86_64";
        if (!File.Exists(program))
        {
            Assert.Skip("QEMU is not installed.");
        }

        using var directory = new TemporaryDirectory();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(directory.At("qmp")));
        listener.Listen();
        // It calls us, so that there is nothing to wait for.
        var process = Process.Start(program, ["-M", "none", "-display", "none", "-S", "-qmp", $"unix:{directory.At("qmp")}"]);
        return new IdleQemu(await listener.AcceptAsync(), process);
    }

    public void Dispose()
    {
        Process.Kill();
        Process.WaitForExit();
        Process.Dispose();
        Socket.Dispose();
    }
}
