using System.Text.Json;
using Wisp.Layout;
using Wisp.Network;

namespace Wisp.Integration.Tests.Support;

/// <summary>What a node has on the host: processes, interfaces, and files that nothing may need any more.</summary>
public static class Traces
{
    /// <summary>The names of the VMMs that run, of whatever instance, or of none yet.</summary>
    public static IReadOnlyList<string> Vmms(DataDirectory data) => [.. Directory.EnumerateDirectories("/proc").Select(process => NameOf(process, data)).OfType<string>()];

    /// <summary>VMMs that run and that no file of the node speaks of.</summary>
    public static IReadOnlyList<string> Orphans(DataDirectory data)
    {
        // First: one that is started meanwhile has its file before it runs.
        var running = Vmms(data);
        var known = new[] { data.Instances, data.Vmms }
            .Where(Directory.Exists)
            .SelectMany(directory => Directory.EnumerateFiles(directory, "vmm.json", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 }))
            .Select(IdOf)
            .ToHashSet(StringComparer.Ordinal);
        return [.. running.Where(name => !known.Contains(name))];
    }

    /// <summary>Interfaces of its guests; the gateway's is there as long as the node is.</summary>
    public static IReadOnlyList<string> Taps(DataDirectory data)
    {
        var subnet = NodeSubnet.Parse(File.ReadAllText(Path.Combine(data.Root, "subnet")).Trim())!.Value;
        return [.. Directory.EnumerateDirectories("/sys/class/net").Select(path => Path.GetFileName(path)).Where(name => name.StartsWith(subnet.TapPrefix, StringComparison.Ordinal))];
    }

    /// <summary>Snapshots that are half made, or half deleted.</summary>
    public static IReadOnlyList<string> Drafts(DataDirectory data) => Directory.Exists(data.Snapshots) ? Directory.GetFileSystemEntries(data.Snapshots, ".*") : [];

    private static string IdOf(string file)
    {
        try
        {
            using var record = JsonDocument.Parse(File.ReadAllText(file));
            return record.RootElement.GetProperty("id").GetString()!;
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return "";
        }
    }

    private static string? NameOf(string process, DataDirectory data)
    {
        try
        {
            var words = File.ReadAllText(Path.Combine(process, "cmdline")).Split('\0');
            return Path.GetFileName(words[0]).StartsWith("qemu-system", StringComparison.Ordinal) && words.Any(word => word.Contains(data.Root, StringComparison.Ordinal))
                ? words[Array.IndexOf(words, "-name") + 1]
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
