using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Wisp.Repository.Tests;

/// <summary>The command compiles to machine code (eng/publish); the analyzers say so at every build, where nobody silences them.</summary>
public sealed class AotTests
{
    [Fact]
    public void What_wisp_is_made_of_is_checked_for_machine_code_and_nothing_is_excused()
    {
        var projects = With("Wisp.Cli").ToHashSet(StringComparer.Ordinal);
        Assert.True(projects.Count > 2);
        Assert.Contains(XDocument.Load(Repository.Path("Directory.Build.props")).Descendants("TreatWarningsAsErrors"), element => element.Value == "true");
        Assert.DoesNotContain(projects, project => !Load(project).Descendants("IsAotCompatible").Any(element => element.Value == "true"));
        Assert.DoesNotContain(projects, project => Load(project).Descendants().Any(element => element.Name.LocalName is "NoWarn" or "SuppressTrimAnalysisWarnings" or "SuppressAotAnalysisWarnings"));
        var excuses =
            from tree in Repository.Sources
            where projects.Any(project => Repository.Relative(tree.FilePath).StartsWith($"src/{project}/", StringComparison.Ordinal))
            from node in tree.GetRoot().DescendantNodes(descendIntoTrivia: true)
            where node is PragmaWarningDirectiveTriviaSyntax pragma && pragma.ErrorCodes.Any(code => code.ToString().StartsWith("IL", StringComparison.Ordinal))
                || node is AttributeSyntax { Name: var name } && name.ToString() is "UnconditionalSuppressMessage" or "RequiresUnreferencedCode" or "RequiresDynamicCode"
            select Repository.Place(node);
        Assert.Empty(excuses);
    }

    private static IEnumerable<string> With(string project) =>
        Load(project).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)).SelectMany(With).Prepend(project);

    private static XDocument Load(string project) => XDocument.Load(Repository.Path("src", project, project + ".csproj"));
}
