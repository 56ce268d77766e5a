namespace Wisp.Api.Tests.Catalogue;

/// <summary>A line of the platform API's list of operations, which is an asset of these tests.</summary>
internal sealed record WrittenOperation(string Method, string Path, string Id, bool HasBody)
{
    /// <summary>Repository paths begin here.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static IReadOnlyList<WrittenOperation> All { get; } =
        [.. File.ReadLines(System.IO.Path.Combine(Root, "tests", "Wisp.Api.Tests", "Assets", "operations.txt")).Select(Parse)];

    private static WrittenOperation Parse(string line) =>
        line.Split(' ') is [var method, var path, "→", var id, .. var rest] ? new(method, path, id, rest is ["b"]) : throw new FormatException(line);

    private static string Find(string directory) =>
        File.Exists(System.IO.Path.Combine(directory, "Wisp.slnx")) ? directory : Find(System.IO.Path.GetDirectoryName(directory)!);
}
