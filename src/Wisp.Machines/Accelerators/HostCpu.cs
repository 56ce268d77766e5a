namespace Wisp.Machines.Accelerators;

/// <summary>The host's processor, as guests with hardware virtualisation see it.</summary>
internal static class HostCpu
{
    /// <summary>Its model and features (/proc/cpuinfo), which must be the same where a captured guest goes on.</summary>
    public static string Describe()
    {
        var lines = File.ReadLines("/proc/cpuinfo").TakeWhile(line => line.Length > 0).ToArray();
        return $"{Value("vendor_id")} {Value("cpu family")} {Value("model\t")} {Value("stepping")}: {Value("flags")}";

        string Value(string name) => lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line ? line[(line.IndexOf(':') + 1)..].Trim() : "";
    }
}
