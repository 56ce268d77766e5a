using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Wisp.Repository.Tests;

/// <summary>Nothing is depended on without a written reason, nor in a version that may change by itself.</summary>
public sealed partial class DependencyTests
{
    private static readonly IReadOnlyList<(string Name, string Version)> Packages =
    [
        .. XDocument.Load(Repository.Path("Directory.Packages.props")).Descendants("PackageVersion")
            .Select(package => (package.Attribute("Include")!.Value, package.Attribute("Version")!.Value)),
    ];

    // The rows of the tables: the cells of the first columns, in backticks, and a reason.
    private static readonly IReadOnlyList<string[]> Rows =
    [
        .. File.ReadLines(Repository.Path("docs", "dependencies.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries)),
    ];

    [Fact]
    public void Every_package_has_a_reason() =>
        Assert.Empty(Packages.Select(package => package.Name).Except(Rows.Where(row => row is [_, { Length: > 0 }]).Select(row => row[0].Trim('`'))));

    [Fact]
    public void No_reason_is_left_over() =>
        Assert.Empty(Rows.Where(row => row.Length == 2).Select(row => row[0].Trim('`')).Except(Packages.Select(package => package.Name)));

    [Fact]
    public void Versions_are_exact() => Assert.DoesNotContain(Packages, package => !Exact().IsMatch(package.Version));

    [Fact]
    public void Every_program_that_is_run_has_a_reason()
    {
        var reasons = Rows.Where(row => row.Length == 3).SelectMany(row => row[1].Split(", ")).Select(program => program.Trim('`')).ToHashSet(StringComparer.Ordinal);
        var run =
            from tree in Repository.Sources
            from creation in tree.GetRoot().DescendantNodes().OfType<ObjectCreationExpressionSyntax>()
            where creation.Type.ToString() == "ToolCommand" && creation.ArgumentList is { Arguments: [{ Expression: LiteralExpressionSyntax }, ..] }
            let program = ((LiteralExpressionSyntax)creation.ArgumentList!.Arguments[0].Expression).Token.ValueText
            select (program, place: Repository.Place(creation));
        Assert.NotEmpty(run);
        Assert.DoesNotContain(run, tool => !reasons.Contains(tool.program));
    }

    [Fact]
    public void Every_package_that_is_installed_has_a_reason() => Assert.Empty(
        File.ReadLines(Repository.Path("eng", "packages"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ')[0])
            .Except(Rows.Where(row => row.Length == 3).Select(row => row[0].Trim('`'))));

    [Fact]
    public void Packages_from_npm_are_exact_and_have_a_reason()
    {
        var manifests = Directory.EnumerateDirectories(Repository.Path("tests", "clients")).Select(client => Path.Combine(client, "package.json")).Where(File.Exists).ToArray();
        Assert.NotEmpty(manifests);
        foreach (var manifest in manifests)
        {
            using var parsed = JsonDocument.Parse(File.ReadAllText(manifest));
            var packages = ((string[])["dependencies", "devDependencies", "overrides"])
                .Where(kind => parsed.RootElement.TryGetProperty(kind, out _))
                .SelectMany(kind => parsed.RootElement.GetProperty(kind).EnumerateObject())
                .Select(package => (package.Name, Version: package.Value.GetString()!)).ToArray();
            Assert.DoesNotContain(packages, package => !Exact().IsMatch(package.Version));
            Assert.Empty(packages.Select(package => $"{package.Name} {package.Version}").Except(Rows.Where(row => row is [_, _, { Length: > 0 }]).Select(row => $"{row[0].Trim('`')} {row[1]}")));
            Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(manifest)!, "package-lock.json")));
        }
    }

    [GeneratedRegex(@"^\d+(\.\d+)+(-[0-9A-Za-z.]+)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Exact();
}
