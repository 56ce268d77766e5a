using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.CompilerServices;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Tests.Support;

namespace Wisp.Cli.Tests;

/// <summary>What <c>--help</c> shows. The texts are in Golden/; <c>WISP_UPDATE_GOLDEN=1</c> writes them anew.</summary>
public sealed class HelpTests
{
    private static readonly Shell Nowhere = new() { Output = TextWriter.Null, Error = TextWriter.Null, Environment = _ => null };

    public static TheoryData<string> Commands => [.. Walk(CommandTree.Create(Nowhere), []).Select(path => string.Join(' ', path))];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_is_as_written_down(string path)
    {
        var run = await CommandLineRun.StartAsync([.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        var golden = Path.Combine(SourceDirectory(), "Golden", (path.Length == 0 ? "wisp" : "wisp-" + path.Replace(' ', '-')) + ".txt");
        if (Environment.GetEnvironmentVariable("WISP_UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(golden, run.Output);
        }

        Assert.Equal(await File.ReadAllTextAsync(golden), run.Output);
    }

    [Fact]
    public void No_golden_file_is_left_over() => Assert.Equal(
        Commands.Select(row => row.Data.Length == 0 ? "wisp" : "wisp-" + row.Data.Replace(' ', '-')).Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(Path.Combine(SourceDirectory(), "Golden")).Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_command_option_and_argument_is_described() => Assert.DoesNotContain(
        All().SelectMany(command => command.Options.Cast<Symbol>().Concat(command.Arguments).Append(command)),
        symbol => string.IsNullOrWhiteSpace(symbol.Description) && symbol is not HelpOption and not VersionOption);

    [Fact]
    public void Every_command_has_examples() => Assert.DoesNotContain(All().OfType<Verb>(), verb => verb.Examples.Count == 0);

    [Fact]
    public void Every_example_is_a_command_line_that_parses()
    {
        var root = CommandTree.Create(Nowhere);
        foreach (var example in All().OfType<Verb>().SelectMany(verb => verb.Examples))
        {
            // A completion script is sourced or redirected by the shell around it.
            var line = example.Replace("sudo ", "", StringComparison.Ordinal).Replace("source <(", "", StringComparison.Ordinal).TrimEnd(')').Split(" > ")[0];
            Assert.StartsWith("wisp ", line, StringComparison.Ordinal);
            var errors = root.Parse(line["wisp ".Length..].Replace('\'', '"'), CommandTree.Configuration).Errors;
            Assert.True(errors.Count == 0, $"{example}: {string.Join(", ", errors)}");
        }
    }

    private static IEnumerable<Command> All() => Walk(CommandTree.Create(Nowhere), []).Select(path => path.Aggregate(
        (Command)CommandTree.Create(Nowhere), (command, name) => command.Subcommands.Single(sub => sub.Name == name)));

    private static IEnumerable<IReadOnlyList<string>> Walk(Command command, IReadOnlyList<string> path) =>
        command.Subcommands.SelectMany(sub => Walk(sub, [.. path, sub.Name])).Prepend(path);

    private static string SourceDirectory([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
