using System.Text.RegularExpressions;

namespace Wisp.Repository.Tests;

public sealed partial class LinkTests
{
    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        var documents = Directory.EnumerateFiles(Repository.Root, "*.md")
            .Concat(((string[])["docs", "examples", "tests/assets", "tests/clients/javascript"]).SelectMany(folder => Directory.EnumerateFiles(Repository.Path(folder), "*.md", SearchOption.AllDirectories)))
            // Others' documents, where somebody has installed them.
            .Where(document => !document.Contains("/node_modules/", StringComparison.Ordinal));
        var links =
            from document in documents
            from Match link in Link().Matches(File.ReadAllText(document))
            let target = link.Groups["target"].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
            select (document, target, exists: Path.Exists(Path.Combine(Path.GetDirectoryName(document)!, target)));
        var found = links.ToList();
        Assert.NotEmpty(found);
        Assert.Empty(found.Where(link => !link.exists).Select(link => $"{Repository.Relative(link.document)}: {link.target}"));
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Link();
}
