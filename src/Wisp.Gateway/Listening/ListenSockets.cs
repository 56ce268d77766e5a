using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Wisp.Gateway.Listening;

/// <summary>
/// The sockets that a process listens on, by name. They outlive the servers that accept from them, and the process as well when it is replaced
/// (execve(2)): who connects meanwhile waits in their backlog instead of being refused, and so do datagrams in their buffers. Thread-safe.
/// </summary>
public sealed partial class ListenSockets : IDisposable
{
    private const string Variable = "WISPD_SOCKETS";
    private const int SetDescriptorFlags = 2;
    private const int CloseOnExec = 1;

    private readonly ConcurrentDictionary<string, Socket> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Socket> _inherited = new(StringComparer.Ordinal);

    /// <summary>Whether this process has taken the place of another.</summary>
    public bool IsSuccessor { get; private init; }

    /// <summary>What the process before has left to this one. For who starts, before it starts others.</summary>
    public static ListenSockets Inherit()
    {
        var left = Environment.GetEnvironmentVariable(Variable) ?? "";
        var sockets = new ListenSockets { IsSuccessor = left.Length > 0 };
        Environment.SetEnvironmentVariable(Variable, null);
        foreach (var pair in left.Split(';').Select(pair => pair.Split('=')))
        {
            // SAFETY: fcntl(2) with three integers. Tools that are run must not have it. What could not be left is bound anew.
            if (pair is [var name, var number] && int.TryParse(number, CultureInfo.InvariantCulture, out var descriptor) && fcntl(descriptor, SetDescriptorFlags, CloseOnExec) == 0)
            {
                sockets._inherited[name] = new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
            }
        }

        return sockets;
    }

    /// <summary>Listens for connections, on what was inherited if that is there.</summary>
    /// <param name="name">Under which the next process finds it.</param>
    /// <param name="endpoint">Where.</param>
    /// <returns>A socket for a server to accept from, which may dispose of it: it goes on listening until <see cref="Close"/>.</returns>
    /// <exception cref="SocketException">The address is taken, or not one of this host.</exception>
    public Socket Open(string name, EndPoint endpoint) => Lend(name, () => SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint));

    /// <summary>Opens what was inherited if that is there, and else what is bound now.</summary>
    /// <param name="name">Under which the next process finds it.</param>
    /// <param name="bind">Opens it anew.</param>
    /// <returns>A socket that may be disposed of, for one in this process: what it stands for stays open until <see cref="Close"/>.</returns>
    public Socket Lend(string name, Func<Socket> bind) => new(new SafeSocketHandle(Open(name, bind).Handle, ownsHandle: false));

    /// <summary>Opens what was inherited if that is there, and else what is bound now. It is disposed of by <see cref="Close"/>.</summary>
    internal Socket Open(string name, Func<Socket> bind)
    {
        if (!_inherited.TryRemove(name, out var socket))
        {
            socket = bind();
        }

        return _open[name] = socket;
    }

    /// <summary>Listens no more; who waits in the backlog is refused, and datagrams that wait are lost.</summary>
    public void Close(string name)
    {
        if (_open.TryRemove(name, out var socket))
        {
            socket.Dispose();
        }
    }

    /// <summary>Closes what was inherited and nobody has asked for.</summary>
    public void CloseUnclaimed()
    {
        foreach (var name in _inherited.Keys)
        {
            if (_inherited.TryRemove(name, out var socket))
            {
                socket.Dispose();
            }
        }
    }

    /// <summary>Lets the next process have them: says so where it looks, and opens each once more in a way that outlives execve(2).</summary>
    public void Leave() =>
        // SAFETY: dup(2) takes an integer and copies no flags: what it returns is not closed on exec.
        Environment.SetEnvironmentVariable(
            Variable, string.Join(';', _open.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={dup((int)pair.Value.Handle)}"))));

    /// <inheritdoc/>
    public void Dispose()
    {
        CloseUnclaimed();
        foreach (var name in _open.Keys)
        {
            Close(name);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int dup(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command, int argument);
}
