namespace Wisp.Machines.Qemu;

/// <summary>
/// The files of a machine. Its directory belongs to root; the VMM can write only to the logs and to <see cref="Run"/>, where its
/// sockets are, so that a VMM that has been taken over cannot forge what the engine later believes.
/// </summary>
internal sealed record MachineFiles(string Directory)
{
    /// <summary>What the engine knows of the machine.</summary>
    public string Record => Path.Combine(Directory, "machine.json");
    public string Console => Path.Combine(Directory, Consoles.ConsoleLog.FileName);
    public string KernelLog => Path.Combine(Directory, "kernel.log");
    public string VmmLog => Path.Combine(Directory, "vmm.log");
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
