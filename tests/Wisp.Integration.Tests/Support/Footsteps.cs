namespace Wisp.Integration.Tests.Support;

/// <summary>Hears of every file that comes or goes in a node's directories, and every write to its store, so that a test can act right after the n-th.</summary>
public sealed class Footsteps : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<string> _seen = [];
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly int _wanted;
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _root;

    /// <summary>Begins to listen.</summary>
    /// <param name="wispd">The node.</param>
    /// <param name="wanted">Which step is waited for, counted from 1.</param>
    public Footsteps(Wispd wispd, int wanted)
    {
        (_wanted, _root) = (wanted, wispd.Data.Root);
        Watch(wispd.Data.Snapshots, NotifyFilters.FileName | NotifyFilters.DirectoryName, deep: true);
        Watch(wispd.Data.Instances, NotifyFilters.FileName | NotifyFilters.DirectoryName, deep: true);
        Watch(_root, NotifyFilters.LastWrite, deep: false);
    }

    /// <summary>The step that was waited for.</summary>
    public Task Reached => _reached.Task;

    /// <summary>What was heard.</summary>
    public IReadOnlyList<string> Seen
    {
        get
        {
            lock (_gate)
            {
                return [.. _seen];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _watchers.ForEach(watcher => watcher.Dispose());

    private void Watch(string directory, NotifyFilters what, bool deep)
    {
        var watcher = new FileSystemWatcher(Directory.CreateDirectory(directory).FullName) { NotifyFilter = what, IncludeSubdirectories = deep };
        watcher.Created += (_, step) => Hear("+", step.FullPath);
        watcher.Deleted += (_, step) => Hear("-", step.FullPath);
        watcher.Renamed += (_, step) => Hear(">", step.FullPath);
        watcher.Changed += (_, step) => Hear("*", step.FullPath);
        watcher.EnableRaisingEvents = true;
        _watchers.Add(watcher);
    }

    private void Hear(string what, string path)
    {
        var step = what + Path.GetRelativePath(_root, path);
        lock (_gate)
        {
            // Of the store, one write is as many notices as it has pages.
            if (what != "*" || (Path.GetFileName(path).StartsWith("state.db", StringComparison.Ordinal) && _seen.LastOrDefault() != step))
            {
                _seen.Add(step);
                if (_seen.Count == _wanted)
                {
                    _reached.TrySetResult();
                }
            }
        }
    }
}
