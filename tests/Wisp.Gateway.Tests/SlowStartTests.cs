using Microsoft.Extensions.Time.Testing;
using Wisp.Gateway.Forwarding;

namespace Wisp.Gateway.Tests;

/// <summary>Who waited for the same wake goes on by and by.</summary>
public sealed class SlowStartTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void One_goes_on_at_once_and_two_more_with_each_answer_in_the_order_they_came()
    {
        var start = new SlowStart(_time);
        var all = Wait(start, 10);
        Assert.Equal([0], Gone(all));
        start.Answered();
        Assert.Equal([0, 1, 2], Gone(all));
        start.Answered();
        start.Answered();
        Assert.Equal(Enumerable.Range(0, 7), Gone(all));
    }

    [Fact]
    public async Task Without_an_answer_twice_as_many_go_on_with_each_step()
    {
        var start = new SlowStart(_time);
        var all = Wait(start, 1000);
        for (var steps = 0; !all[^1].IsCompleted; steps++)
        {
            // Never more than twice as many with a step; a step that it has not begun to wait for goes by unseen.
            Assert.InRange(Gone(all).Count(), 1, 1 << steps);
            _time.Advance(Step);
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        Assert.All(all, task => Assert.True(task.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task Whoever_gives_up_stands_in_nobodys_way()
    {
        var start = new SlowStart(_time);
        using var gaveUp = new CancellationTokenSource();
        var first = start.GoOnAsync(CancellationToken.None);
        var second = start.GoOnAsync(gaveUp.Token);
        var third = start.GoOnAsync(CancellationToken.None);
        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        start.Answered();
        await third;
        Assert.True(first.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task It_is_over_when_nobody_waits_any_more_and_then_everybody_goes_on()
    {
        var start = new SlowStart(_time);
        await start.GoOnAsync(CancellationToken.None);
        for (var step = 0; step < 30 && !start.IsOver; step++)
        {
            _time.Advance(Step);
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        Assert.True(start.IsOver);
        Assert.Equal(100, Gone(Wait(start, 100)).Count());
    }

    private static Task[] Wait(SlowStart start, int count) => [.. Enumerable.Range(0, count).Select(_ => start.GoOnAsync(CancellationToken.None))];

    private static IEnumerable<int> Gone(Task[] all) => all.Index().Where(one => one.Item.IsCompletedSuccessfully).Select(one => one.Index);
}
