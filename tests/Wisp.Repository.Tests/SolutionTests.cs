using System.Xml.Linq;

namespace Wisp.Repository.Tests;

/// <summary>What is not in the solution is neither built nor tested, and nobody notices.</summary>
public sealed class SolutionTests
{
    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var listed = XDocument.Load(Repository.Path("Wisp.slnx")).Descendants("Project").Select(project => project.Attribute("Path")!.Value);
        var projects = ((string[])["src", "tests"])
            .SelectMany(folder => Directory.EnumerateFiles(Repository.Path(folder), "*.csproj", SearchOption.AllDirectories))
            .Select(Repository.Relative);
        Assert.Equal(projects.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }
}
