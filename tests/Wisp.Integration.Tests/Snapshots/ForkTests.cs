using System.Text.RegularExpressions;
using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests.Snapshots;

/// <summary>Machines that fork themselves, from inside.</summary>
[Trait("needs", "vm")]
public sealed partial class ForkTests
{
    [Fact]
    public async Task Three_forks_at_once_make_three_children_that_fork_too_and_their_exit_codes_come_back()
    {
        await using var wispd = new Wispd();
        await Support.Node.BuildAsync(wispd, "forks");
        await wispd.StartAsync();
        var made = await wispd.ItemAsync(HttpMethod.Post, "/v1/instances", """{"name":"parent","image":"forks","memory_mb":128,"autostart":true,"timeout_s":120}""");
        Assert.Null(made["error"]);
        var log = await wispd.WaitForLogAsync("parent", "all ended");
        TestContext.Current.TestOutputHelper!.WriteLine(log);
        // A child ends with ten times its number, and the 7 that its own child ended with.
        var forked = Forked().Matches(log);
        Assert.Equal(["1 17", "2 27", "3 37"], forked.Select(match => $"{match.Groups["worker"]} {match.Groups["code"]}").Order(StringComparer.Ordinal));
        Assert.Equal(3, forked.Select(match => match.Groups["uuid"].Value).Distinct(StringComparer.Ordinal).Count());

        // Children are deleted as they stop, their snapshots with them.
        await UntilAsync(async () => (await wispd.ListAsync("/v1/instances")).Count == 1);
        await UntilAsync(async () => (await wispd.ListAsync("/v1/snapshots")).All(snapshot => snapshot["kind"]!.GetValue<string>() == "boot"));
        await wispd.DisposeAsync();
        Assert.Equal(0, wispd.DownExitCode);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            await Task.Delay(50, patience.Token);
        }
    }

    [GeneratedRegex(@"forked (?<worker>\d) (?<uuid>[0-9a-f-]{36}) ended with (?<code>\d+), born \S+", RegexOptions.ExplicitCapture)]
    private static partial Regex Forked();
}
