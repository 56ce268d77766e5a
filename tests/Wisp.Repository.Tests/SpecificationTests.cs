using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Wisp.Repository.Tests;

/// <summary>A promise names what holds it, and that exists.</summary>
public sealed partial class SpecificationTests
{
    private static readonly IReadOnlyList<string[]> Promises =
    [
        .. File.ReadLines(Repository.Path("SPECIFICATION.md"))
            .Where(line => Row().IsMatch(line))
            .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries)),
    ];

    private static readonly IReadOnlyList<string> Names = [.. Promises.SelectMany(row => Quoted().Matches(row[^1])).Select(name => name.Groups["name"].Value)];

    [Fact]
    public void Every_promise_is_held_by_something_or_says_that_it_is_not()
    {
        Assert.NotEmpty(Promises);
        Assert.DoesNotContain(Promises, row => row.Length != 3 || (!row[2].StartsWith("**Unproven**", StringComparison.Ordinal) && !Quoted().IsMatch(row[2])));
    }

    [Fact]
    public void Every_id_is_used_once() => Assert.Equal(Promises.Select(row => row[0]).Distinct(StringComparer.Ordinal), Promises.Select(row => row[0]));

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        var tests = Repository.Parse("tests")
            .SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>())
            .Where(method => method.AttributeLists.Count > 0 && method.Parent is ClassDeclarationSyntax)
            .Select(method => $"{((ClassDeclarationSyntax)method.Parent!).Identifier.Text}.{method.Identifier.Text}")
            .ToHashSet(StringComparer.Ordinal);
        Assert.DoesNotContain(Names.Where(name => char.IsUpper(name[0])), name => !tests.Contains(name));
    }

    [Fact]
    public void Every_series_that_is_named_is_measured()
    {
        var series = Repository.Sources
            .SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<LiteralExpressionSyntax>())
            .Where(literal => literal.IsKind(SyntaxKind.StringLiteralExpression))
            .Select(literal => literal.Token.ValueText)
            .ToHashSet(StringComparer.Ordinal);
        Assert.DoesNotContain(Names.Where(name => char.IsLower(name[0]) && name.Contains('.', StringComparison.Ordinal)), name => !series.Contains(name));
    }

    [GeneratedRegex(@"^\| [A-Z]\d+ \|", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(?<name>[^`]+)`", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();
}
