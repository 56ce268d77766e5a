using System.Text;
using Wisp.Contracts.Operations;

namespace Wisp.Api.Tests.Catalogue;

/// <summary>docs/compatibility.md: one row for every operation.</summary>
internal static class CompatibilityPage
{
    public static string Make()
    {
        var count = OperationCatalogue.All.Where(operation => operation.Plane != OperationPlane.Wisp).ToLookup(operation => operation.Support);
        var page = new StringBuilder()
            .Append("# Compatibility with the platform API\n\n")
            .Append("Made of the catalogue in `src/Wisp.Contracts/Operations`; a test fails when it is not current (`WISP_UPDATE_GOLDEN=1` writes it anew).\n\n")
            .Append("Of ").Append(WrittenOperation.All.Count).Append(" operations ").Append(count[SupportLevel.Works].Count()).Append(" work, ")
            .Append(count[SupportLevel.Differs].Count()).Append(" work with a difference, and ").Append(count[SupportLevel.NotYet].Count())
            .Append(" check the request and answer that they are not supported\n(code 1) or, where they look for something, that there is none (code 8).\n\n")
            .Append("The published client works against the server as it is: `tests/clients/javascript` calls every one of its methods. Give it the\n")
            .Append("server's address as `metro` or `baseUrl`, and with `/controlplane` behind it as `controlPlaneUrl`.\n")
            .Append("It wants Node 22, and a plugin's package in a version that was never published, so that your `package.json` needs:\n\n")
            .Append("```json\n\"dependencies\": { \"@unikraft/cloud\": \"0.2.0\" },\n\"overrides\": { \"@unikraft/cloud-plugin-sandbox-api\": \"1.0.0\" }\n```\n\n")
            .Append("and is installed by `npm install --legacy-peer-deps` (or with `legacy-peer-deps=true` in `.npmrc`).\n\n")
            .Append("| operation | | how |\n|---|---|---|\n");
        foreach (var operation in OperationCatalogue.All)
        {
            page.Append("| `").Append(operation.Id).Append("` | ")
                .Append(operation.Support switch { SupportLevel.Works => "works", SupportLevel.Differs => "differs", _ => "not yet" })
                .Append(" | ").Append(operation.Note).Append(" |\n");
        }

        return page.ToString();
    }
}
