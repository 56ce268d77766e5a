using System.Reflection;
using Wisp.Tools;

namespace Wisp.Bench.Reporting;

/// <summary>The source tree that the running program was built in, if it still lies in one.</summary>
/// <param name="Root">Its root; null when there is none.</param>
public sealed record SourceTree(string? Root)
{
    /// <summary>The nearest folder above the program that holds the solution.</summary>
    public static SourceTree Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Wisp.slnx")))
        {
            directory = directory.Parent;
        }

        return new SourceTree(directory?.FullName);
    }

    /// <summary>What is measured: the commit, with <c>-dirty</c> when the tree has changes; the version outside a tree.</summary>
    public async Task<string> CommitAsync(IToolRunner tools, CancellationToken cancellation)
    {
        if (Root is not null)
        {
            var described = await tools.RunAsync(
                new ToolCommand("git", "-C", Root, "describe", "--always", "--dirty", "--exclude", "*"), null, cancellation);
            if (described is { IsSuccess: true, Value: { Ok: true } output })
            {
                return output.Stdout.Trim();
            }
        }

        return typeof(SourceTree).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
    }

    /// <summary>The example that is measured when no other is named.</summary>
    public Result<string> HelloDirectory() =>
        Root is not null && Path.Combine(Root, "examples", "hello") is var directory && Directory.Exists(directory)
            ? directory
            : new WispError(ErrorCode.InvalidValue, "There is no examples/hello beside this program to measure.", "Run it from a source tree.");
}
