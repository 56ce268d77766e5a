using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Wisp.Repository.Tests;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>The nearest folder above with the solution in it.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    public static string Relative(string path) => System.IO.Path.GetRelativePath(Root, path);

    /// <summary>The syntax trees of everything under <c>src</c>.</summary>
    public static IReadOnlyList<SyntaxTree> Sources { get; } = Parse("src");

    public static IReadOnlyList<SyntaxTree> Parse(string folder) =>
    [
        .. Directory.EnumerateFiles(Path(folder), "*.cs", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: file)),
    ];

    /// <summary><c>src/Room/File.cs:12</c>.</summary>
    public static string Place(SyntaxNode node) =>
        $"{Relative(node.SyntaxTree.FilePath)}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";

    private static string Find(string directory) =>
        File.Exists(System.IO.Path.Combine(directory, "Wisp.slnx")) ? directory : Find(System.IO.Path.GetDirectoryName(directory)!);
}
