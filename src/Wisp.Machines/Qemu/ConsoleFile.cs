using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Wisp.Machines.Qemu;

/// <summary>A machine's console, to be handed to its VMM: all of its machines append to the same file, which is trimmed meanwhile.</summary>
internal static partial class ConsoleFile
{
    private const int WriteOnly = 1, Create = 0x40, Append = 0x400, CloseOnExec = 0x80000, OwnerOnly = 0x180;

    /// <summary>Opens it, and makes it when it is not there. (A .NET stream that appends seeks; only O_APPEND goes on after a trim.)</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SafeFileHandle OpenToAppend(string path)
    {
        // SAFETY: the path is marshalled for the call.
        var file = new SafeFileHandle(open(path, WriteOnly | Create | Append | CloseOnExec, OwnerOnly), ownsHandle: true);
        var error = Marshal.GetLastPInvokeError();
        return file.IsInvalid ? throw new IOException($"cannot open {path} (errno {error})", error) : file;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint open(string path, int flags, int mode);
}
