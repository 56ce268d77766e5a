using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Wisp.Gateway.Observing;

/// <summary>
/// A file of which every write goes to where its end is at that moment (O_APPEND), whoever else writes or truncates it. <see cref="FileMode.Append"/>
/// goes there once, when it is opened.
/// </summary>
internal static partial class AppendedFile
{
    private const int WriteOnly = 1, Create = 0x40, Append = 0x400, CloseOnExec = 0x80000;

    // Who asked for what is nobody else's affair.
    private const int OwnerOnly = 0x180;

    /// <summary>Opens it, and makes it where it is not there.</summary>
    public static Stream Open(string path)
    {
        var handle = open(path, WriteOnly | Create | Append | CloseOnExec, OwnerOnly);
        if (handle.IsInvalid)
        {
            handle.Dispose();
            throw new IOException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        // It says with each write where to; where a file is open to append, the kernel does not heed that (pwrite(2), BUGS).
        return new FileStream(handle, FileAccess.Write, bufferSize: 0);
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags, int mode);
}
