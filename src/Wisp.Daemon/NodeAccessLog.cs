using System.Runtime.InteropServices;
using Wisp.Gateway.Observing;

namespace Wisp.Daemon;

/// <summary>The node's access log, which is opened again when the process is told to hang up (SIGHUP): so does who moves the file away.</summary>
internal sealed class NodeAccessLog(AccessLog log) : IAsyncDisposable
{
    // Without a log it ends the process, as it does by itself.
    private readonly PosixSignalRegistration _hangup = Signals.Listen(PosixSignal.SIGHUP, log.Reopen);

    /// <summary>Where the gateway notes what comes.</summary>
    public AccessLog Log => log;

    public ValueTask DisposeAsync()
    {
        _hangup.Dispose();
        // Whoever asks for it now has nobody left to hear it.
        Signals.Ignore(PosixSignal.SIGHUP);
        return log.DisposeAsync();
    }
}
