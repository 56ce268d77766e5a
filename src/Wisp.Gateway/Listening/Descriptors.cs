using System.Runtime.InteropServices;

namespace Wisp.Gateway.Listening;

/// <summary>How many files and sockets this process can have open (getrlimit(2)).</summary>
internal static partial class Descriptors
{
    private const int OpenFiles = 7;

    /// <summary>The limit of this moment; a runtime that starts raises it as far as it may.</summary>
    public static ulong Limit => getrlimit(OpenFiles, out var limit) == 0
        ? limit.Soft
        : throw new InvalidOperationException($"The limit of open files cannot be read: {Marshal.GetLastPInvokeErrorMessage()}.");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrlimit(int resource, out ResourceLimit limit);

    /// <summary>struct rlimit.</summary>
    private struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
