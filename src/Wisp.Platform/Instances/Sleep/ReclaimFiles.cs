using Wisp.Machines;

namespace Wisp.Platform.Instances.Sleep;

/// <summary>The files in an instance's directory that hold the memory of a machine that sleeps, while its process stays.</summary>
/// <param name="directory">The instance's directory.</param>
internal sealed class ReclaimFiles(string directory)
{
    private const string Name = "reclaimed";

    /// <summary>Whether a machine's memory lies on one of them.</summary>
    public bool Holds(MachineMemory memory) => memory.Layers.Skip(memory.Kept).Any(layer => IsOurs(layer.Path));

    /// <summary>Where the memory goes next: not the file that it may lie on from an earlier sleep.</summary>
    public string Next(MachineMemory memory)
    {
        Clear(memory);
        var first = Path.Combine(directory, Name);
        return File.Exists(first) ? first + "-2" : first;
    }

    /// <summary>Deletes all that no machine lies on.</summary>
    /// <param name="memory">What the machine lies on; null when there is none.</param>
    public void Clear(MachineMemory? memory)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        var used = memory?.Layers.Select(layer => layer.Path).ToHashSet(StringComparer.Ordinal) ?? [];
        foreach (var file in Directory.GetFiles(directory, Name + "*").Where(file => !used.Contains(file)))
        {
            File.Delete(file);
        }
    }

    private bool IsOurs(string path) => Path.GetDirectoryName(path) == directory;
}
