using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Wisp.Repository.Tests;

/// <summary>An error that points to a page must not point into the void, and a page that nothing points to helps nobody.</summary>
public sealed class HelpPageTests
{
    private static readonly string Folder = Repository.Path("docs", "help");

    private static readonly string[] Pages =
    [
        .. Directory.EnumerateFiles(Folder, "*.md").Select(Path.GetFileNameWithoutExtension).OfType<string>().Where(page => page != "README").Order(StringComparer.Ordinal),
    ];

    private static readonly ILookup<string, string> Named = Repository.Sources
        .SelectMany(tree => tree.GetRoot().DescendantNodes())
        .Select(HelpOf)
        .OfType<ExpressionSyntax>()
        .SelectMany(help => help.DescendantNodesAndSelf().OfType<LiteralExpressionSyntax>().Where(literal => literal.IsKind(SyntaxKind.StringLiteralExpression)))
        .ToLookup(literal => literal.Token.ValueText, Repository.Place, StringComparer.Ordinal);

    [Fact]
    public void Every_page_that_an_error_names_exists()
    {
        Assert.NotEmpty(Named);
        Assert.Empty(Named.Where(name => !Pages.Contains(name.Key)).Select(name => $"{name.Key}: {string.Join(", ", name)}"));
    }

    [Fact]
    public void Every_page_is_named_by_an_error() => Assert.DoesNotContain(Pages, page => !Named.Contains(page));

    [Fact]
    public void The_list_of_pages_is_complete()
    {
        var list = File.ReadAllText(Path.Combine(Folder, "README.md"));
        Assert.DoesNotContain(Pages, page => !list.Contains($"]({page}.md)", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_page_says_what_happened_and_what_to_do() => Assert.Empty(
        from page in Pages
        let lines = File.ReadAllLines(Path.Combine(Folder, page + ".md"))
        where !lines[0].StartsWith("# ", StringComparison.Ordinal) || !((string[])["## What happened", "## Why", "## What to do", "## See more"]).All(lines.Contains)
        select page);

    // The fourth argument of a WispError, or what is said to be its Help.
    private static ExpressionSyntax? HelpOf(SyntaxNode node) => node switch
    {
        BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: var arguments } creation when MakesError(creation) =>
            (arguments.FirstOrDefault(argument => argument.NameColon?.Name.Identifier.Text == "Help") ?? arguments.ElementAtOrDefault(3))?.Expression,
        AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.Text: "Help" }, Right: var help } => help,
        _ => null,
    };

    private static bool MakesError(BaseObjectCreationExpressionSyntax creation) =>
        creation is ObjectCreationExpressionSyntax { Type: IdentifierNameSyntax { Identifier.Text: "WispError" } }
        || (creation is ImplicitObjectCreationExpressionSyntax { ArgumentList.Arguments: [var first, ..] } && first.ToString().Contains("ErrorCode.", StringComparison.Ordinal));
}
