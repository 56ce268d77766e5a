using System.Diagnostics;

namespace Wisp.Primitives.Tests;

/// <summary>A directory for one test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("wisp-test-").FullName;

    public string Fifo(string name)
    {
        var path = System.IO.Path.Combine(Path, name);
        using var made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
