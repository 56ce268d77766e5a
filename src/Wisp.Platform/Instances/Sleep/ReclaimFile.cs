namespace Wisp.Platform.Instances.Sleep;

/// <summary>
/// The file in an instance's directory that holds the memory of a machine that sleeps, while its process stays. It has a name for as long
/// as it sleeps; the machine has it mapped, and needs no name.
/// </summary>
/// <param name="directory">The instance's directory.</param>
internal sealed class ReclaimFile(string directory)
{
    private readonly string _path = Path.Combine(directory, "reclaimed");

    /// <summary>Where the memory is written: half of it must not look like all.</summary>
    public string NewPath => _path + ".new";

    /// <summary>Where the state of its devices is written, which nobody needs: the machine keeps it.</summary>
    public string DevicesPath => _path + ".devices";

    /// <summary>Whether the machine's memory is in it.</summary>
    public bool Exists => File.Exists(_path);

    /// <summary>The machine's memory is in it.</summary>
    public void Complete()
    {
        File.Delete(DevicesPath);
        File.Move(NewPath, _path, overwrite: true);
    }

    /// <summary>Takes the names away.</summary>
    public void Delete()
    {
        foreach (var file in (string[])[_path, NewPath, DevicesPath])
        {
            // Deleting what is not there is an error where not even the directory is.
            if (File.Exists(file))
            {
                File.Delete(file);
            }
        }
    }
}
