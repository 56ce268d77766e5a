using Wisp.GuestProtocol;
using Wisp.Machines;
using Wisp.Platform.Accounts;
using Wisp.Platform.Instances;
using Wisp.Platform.Tests.Frozen;
using Wisp.Platform.Tests.Schedules;
using Wisp.Testing;
using static Wisp.Platform.Tests.Forks.Forking;

namespace Wisp.Platform.Tests.Forks;

/// <summary>A guest that forks without end does not take the node down.</summary>
public sealed class ForkLimitTests
{
    private const int TryAgain = 11;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Beyond_the_limit_it_is_eagain_until_one_ends()
    {
        await using var node = await LimitedAsync(2);
        var parent = node.Machine;
        await ForkAsync(node, parent, 1);
        var child = node.Machine;
        await ForkAsync(node, parent, 2);
        var captures = parent.Captures.Count;
        Assert.Equal(new ForkOutcome { Ticket = 3, Errno = TryAgain }, await AskAsync(node, parent, 3));
        Assert.Equal((captures, 3, MachineState.Running), (parent.Captures.Count, node.Instances.List().Count, parent.State));
        child.End(new MachineExit(MachineExitCause.ApplicationExited, 0, null));
        await node.UntilAsync(() => node.Instances.List().Count == 2);
        await ForkAsync(node, parent, 4);
        // What is said again is no fork more.
        Assert.Equal(0, (await AskAsync(node, parent, 4)).Errno);
    }

    [Fact]
    public async Task Sixty_four_is_the_limit_where_none_is_set()
    {
        await using var node = await TemplateTests.RunningAsync();
        var parent = node.Machine;
        for (var ticket = 1u; ticket <= 64; ticket++)
        {
            await ForkAsync(node, parent, ticket);
        }

        Assert.Equal(TryAgain, (await AskAsync(node, parent, 65)).Errno);
    }

    [Fact]
    public async Task Beyond_what_its_account_may_have_nothing_is_forked()
    {
        await using var node = await TemplateTests.RunningAsync();
        await node.Platform.Accounts.LimitAsync(Caller.Owner, ResourceRef.To("default"), limits => limits with { Instances = 2 }, Cancel);
        await ForkAsync(node, node.Engine.Started.First(), 1);
        Assert.NotEqual(0, (await AskAsync(node, node.Engine.Started.First(), 2)).Errno);
        Assert.Equal(2, node.Instances.List().Count);
    }

    [Fact]
    public async Task All_generations_count_also_when_those_in_between_are_gone()
    {
        await using var node = await LimitedAsync(2);
        var root = node.Machine;
        await ForkAsync(node, root, 1);
        var child = node.Machine;
        await ForkAsync(node, child, 1);
        var grandchild = node.Machine;
        Assert.Equal(TryAgain, (await AskAsync(node, grandchild, 2)).Errno);
        child.End(new MachineExit(MachineExitCause.ApplicationExited, 0, null));
        await node.UntilAsync(() => node.Instances.List().Count == 2);
        await ForkAsync(node, grandchild, 3);
        Assert.Equal(TryAgain, (await AskAsync(node, root, 2)).Errno);
        Assert.Equal(TryAgain, (await AskAsync(node, node.Machine, 4)).Errno);
    }

    [Fact]
    public async Task Another_instance_has_a_limit_of_its_own()
    {
        await using var node = await LimitedAsync(1);
        await ForkAsync(node, node.Machine, 1);
        await node.Instances.CreateAsync(TestNode.Published() with { Name = "other", NewServiceGroup = TemplateTests.Port(8081) }, Cancel);
        await node.UntilAsync("other", InstanceState.Running);
        await ForkAsync(node, node.Machine, 1);
    }

    [Fact]
    public async Task Of_two_relatives_that_ask_at_once_for_the_last_place_one_gets_it()
    {
        await using var node = await LimitedAsync(2);
        var parent = node.Machine;
        await ForkAsync(node, parent, 1);
        var child = node.Machine;
        FakeMachine[] both = [parent, child];
        int[] before = [.. both.Select(machine => machine.Captures.Count)];
        foreach (var machine in both)
        {
            machine.HoldCapture = new(TaskCreationOptions.RunContinuationsAsynchronously);
            machine.Happen(new MachineEvent.ForkRequested(2));
        }

        await node.UntilAsync(() => both.Index().All(entry => entry.Item.Captures.Count > before[entry.Index]));
        Array.ForEach(both, machine => machine.HoldCapture!.SetResult());
        await node.UntilAsync(() => both.All(machine => Done(machine).Any(outcome => outcome.Ticket == 2)));
        Assert.Equal([0, TryAgain], both.Select(machine => Done(machine)[^1].Errno).Order());
        Assert.Equal(3, node.Instances.List().Count);
    }

    [Fact]
    public async Task When_memory_is_short_it_is_eagain_and_nothing_is_frozen()
    {
        await using var node = await TemplateTests.RunningAsync();
        var parent = node.Machine;
        var captures = parent.Captures.Count;
        node.AvailableMemory = () => 999;
        Assert.Equal(new ForkOutcome { Ticket = 1, Errno = TryAgain }, await AskAsync(node, parent, 1));
        Assert.Equal((captures, 1), (parent.Captures.Count, node.Instances.List().Count));
        node.AvailableMemory = () => 1000;
        await ForkAsync(node, parent, 2);
    }

    [Fact]
    public async Task A_refusal_is_logged_once_a_minute_for_a_family()
    {
        using var log = new HeardLines();
        await using var node = await LimitedAsync(1, log);
        var parent = node.Machine;
        await ForkAsync(node, parent, 1);
        var child = node.Machine;
        for (var ticket = 2u; ticket <= 9; ticket++)
        {
            await AskAsync(node, parent, ticket);
            await AskAsync(node, child, ticket);
        }

        Assert.Contains("--fork-limit", Assert.Single(Refusals()), StringComparison.Ordinal);
        node.Time.Advance(TimeSpan.FromMinutes(1));
        await AskAsync(node, child, 10);
        await AskAsync(node, child, 11);
        Assert.Equal(2, Refusals().Count());

        IEnumerable<string> Refusals() => log.Lines.Where(line => line.Contains("refused", StringComparison.Ordinal));
    }

    // One that nothing puts to sleep, whatever the clock says.
    private static async Task<TestNode> LimitedAsync(int limit, HeardLines? log = null)
    {
        var node = await TestNode.StartAsync(Cancel);
        node.Configure = options => options with { ForkLimit = limit };
        if (log is not null)
        {
            node.Loggers = log;
        }

        await node.RestartAsync();
        await node.Instances.CreateAsync(TestNode.Published() with { ScaleToZero = null }, Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        return node;
    }
}
