using Wisp.Contracts.Operations;

namespace Wisp.Api.Tests.Catalogue;

/// <summary>The pages that are made of the catalogue. <c>WISP_UPDATE_GOLDEN=1</c> writes them anew.</summary>
public sealed class PageTests
{
    [Fact]
    public void The_page_of_operations_is_current() => AssertCurrent("api.md", ApiPage.Make());

    [Fact]
    public void The_page_of_differences_is_current() => AssertCurrent("compatibility.md", CompatibilityPage.Make());

    [Fact]
    public void The_page_of_differences_has_a_row_for_every_operation()
    {
        var rows = CompatibilityPage.Make().Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToArray();
        Assert.Equal(OperationCatalogue.All.Count, rows.Length);
        Assert.All(WrittenOperation.All, written => Assert.Single(rows, row => row.StartsWith($"| `{written.Id}` ", StringComparison.Ordinal)));
    }

    private static void AssertCurrent(string name, string made)
    {
        var page = Path.Combine(WrittenOperation.Root, "docs", name);
        if (Environment.GetEnvironmentVariable("WISP_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(page, made);
        }

        Assert.Equal(made, File.ReadAllText(page));
    }
}
