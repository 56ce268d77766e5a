using Wisp.Cli.Tests.Support;

namespace Wisp.Cli.Tests;

/// <summary>What shells are told may come next.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("inst", "instances")]
    [InlineData("instances st", "start")]
    [InlineData("instances wait hello --state sta", "standby")]
    [InlineData("completion ", "fish")]
    public async Task Commands_and_words_are_completed(string line, string expected) =>
        Assert.Contains(expected, (await CommandLineRun.StartAsync($"[suggest:{line.Length}]", line)).Lines);

    [Fact]
    public async Task Names_of_instances_are_asked_for()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello));
        Assert.Contains("hello", (await api.RunAsync("[suggest:15]", "instances stop ")).Lines);
    }

    [Fact]
    public async Task Without_a_server_there_is_no_error_in_the_prompt()
    {
        var run = await CommandLineRun.StartAsync("[suggest:15]", "instances stop ");
        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _wisp wisp")]
    [InlineData("zsh", "#compdef wisp")]
    [InlineData("fish", "complete -c wisp")]
    public async Task Every_shell_has_its_script(string shell, string line) =>
        Assert.Contains(line, (await CommandLineRun.StartAsync("completion", shell)).Output, StringComparison.Ordinal);
}
