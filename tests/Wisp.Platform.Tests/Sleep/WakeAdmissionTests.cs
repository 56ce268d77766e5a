using System.Net;
using Microsoft.Extensions.Time.Testing;
using Wisp.Gateway;
using Wisp.Platform.Instances.Sleep;

namespace Wisp.Platform.Tests.Sleep;

/// <summary>Many wakes at once.</summary>
public sealed class WakeAdmissionTests
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);
    private readonly FakeTimeProvider _time = new();
    private bool _areContended = true;

    [Fact]
    public void While_there_are_processors_to_spare_each_is_let_through_at_once()
    {
        _areContended = false;
        var admission = NewAdmission();
        Assert.All(Busy(50), backend => Assert.True(admission.EnterAsync(backend).IsCompletedSuccessfully));
    }

    [Fact]
    public async Task While_there_are_not_the_next_is_let_through_when_one_has_answered_in_order()
    {
        var admission = NewAdmission();
        var backends = Busy(4);
        var turns = backends.Select(admission.EnterAsync).ToArray();
        await LookAsync();
        Assert.Equal([true, true, false, false], turns.Select(turn => turn.IsCompleted));
        backends[1].Leave();
        await LetThroughAsync(turns[2]);
        Assert.False(turns[3].IsCompleted);
        backends[0].Leave();
        await LetThroughAsync(turns[3]);
    }

    [Fact]
    public async Task Those_that_wait_are_let_through_as_soon_as_there_are_processors_to_spare()
    {
        var admission = NewAdmission();
        var turns = Busy(20).Select(admission.EnterAsync).ToArray();
        _areContended = false;
        await LetThroughAsync(Task.WhenAll(turns));
    }

    [Fact]
    public async Task Whoever_is_at_it_for_long_is_waited_for_no_longer()
    {
        var admission = NewAdmission();
        var turns = Busy(3).Select(admission.EnterAsync).ToArray();
        _time.Advance(TimeSpan.FromMilliseconds(240));
        await LookAsync();
        Assert.False(turns[2].IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(10));
        await LetThroughAsync(turns[2]);
    }

    [Fact]
    public async Task Nobody_waits_for_longer_than_a_second_however_many_are_before()
    {
        var admission = NewAdmission();
        var turns = Busy(100).Select(admission.EnterAsync).ToArray();
        _time.Advance(TimeSpan.FromSeconds(1));
        await LetThroughAsync(Task.WhenAll(turns));
    }

    [Fact]
    public async Task Whoever_has_answered_long_ago_is_in_nobodys_way()
    {
        var admission = NewAdmission();
        foreach (var backend in Busy(10))
        {
            var turn = admission.EnterAsync(backend);
            Assert.True(turn.IsCompleted);
            await turn;
            backend.Leave();
        }
    }

    [Fact]
    public void One_that_wakes_again_and_again_is_not_in_its_own_way()
    {
        var admission = NewAdmission();
        var backend = Busy(1)[0];
        Assert.All(Enumerable.Range(0, 10), _ => Assert.True(admission.EnterAsync(backend).IsCompletedSuccessfully));
    }

    private WakeAdmission NewAdmission() => new(2, () => _areContended, _time);

    private Backend[] Busy(int count) =>
    [
        .. Enumerable.Range(0, count).Select(number =>
        {
            var backend = new Backend(Guid.NewGuid(), $"web-{number}", IPAddress.Loopback, new Nobody(), _time);
            backend.Enter();
            return backend;
        }),
    ];

    // The clock goes on until it is let through, which must be before it would be in any case.
    private async Task LetThroughAsync(Task turn)
    {
        for (var looks = 0; !turn.IsCompleted; looks++)
        {
            Assert.InRange(looks, 0, 100);
            await LookAsync();
        }
    }

    private async Task LookAsync()
    {
        _time.Advance(Look);
        await Task.Delay(5, TestContext.Current.CancellationToken);
    }

    private sealed class Nobody : IWakeHandler
    {
        public Task<Result> WakeAsync(CancellationToken cancellation) => Task.FromResult(Result.Success);
    }
}
