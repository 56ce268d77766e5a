namespace Wisp.Machines.Qemu.Vmms;

/// <summary>
/// The files of a VMM. Its directory belongs to root; the VMM can write only to its kernel log and to <see cref="Run"/>, where its sockets
/// are, so that a VMM that has been taken over cannot forge what the engine later believes. The directory moves when the VMM is given to
/// a machine: the VMM does not notice, since it holds what it needs by descriptors and in a mount namespace of its own.
/// </summary>
internal sealed record VmmFiles(string Directory)
{
    public string Record => Path.Combine(Directory, "vmm.json");
    public string KernelLog => Path.Combine(Directory, "kernel.log");
    public string Log => Path.Combine(Directory, "vmm.log");
    public string Root => Path.Combine(Directory, "root");
    public string Run => Path.Combine(Directory, "run");
    public string QmpSocket => Path.Combine(Run, "qmp");
    public string AgentSocket => Path.Combine(Run, "agent");

    /// <summary>The last line of a log that says something, or null.</summary>
    public static string? LastLine(string path)
    {
        const int tail = 8192;
        if (!File.Exists(path))
        {
            return null;
        }

        using var file = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(-Math.Min(tail, file.Length), SeekOrigin.End);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last] ? last : null;
    }

    /// <summary>The line of the kernel's log that says why it died, or its last one, or null.</summary>
    public string? PanicLine()
    {
        if (!File.Exists(KernelLog))
        {
            return null;
        }

        using var file = File.Open(KernelLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        const int tail = 65536;
        file.Seek(-Math.Min(tail, file.Length), SeekOrigin.End);
        using var reader = new StreamReader(file);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.LastOrDefault(line => line.Contains("Kernel panic", StringComparison.Ordinal) || line.Contains("wisp-init:", StringComparison.Ordinal))
            ?? lines.LastOrDefault(line => !line.Contains("reboot:", StringComparison.Ordinal));
    }
}
