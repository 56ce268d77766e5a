using Microsoft.Extensions.Time.Testing;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests;

/// <summary>The count and the state, between whom no lock stands.</summary>
public sealed class BackendTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_new_backend_takes_no_traffic() => Assert.Equal(BackendState.Gone, TestGateway.NewBackend(new FakeWake()).State);

    [Fact]
    public void Idleness_begins_when_the_last_one_leaves()
    {
        var time = new FakeTimeProvider();
        var backend = TestGateway.NewBackend(new FakeWake(), time);
        backend.SetAwake();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), backend.Idle);
        backend.Enter();
        backend.Enter();
        time.Advance(TimeSpan.FromSeconds(1));
        backend.Leave();
        Assert.Equal(TimeSpan.Zero, backend.Idle);
        backend.Leave();
        Assert.Equal(TimeSpan.Zero, backend.Idle);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((TimeSpan.FromSeconds(2), 2L), (backend.Idle, backend.Total));
    }

    [Fact]
    public void What_is_stirred_past_the_gateway_does_not_fall_asleep_before_its_time()
    {
        var time = new FakeTimeProvider();
        var backend = TestGateway.NewBackend(new FakeWake(), time);
        backend.SetAwake();
        Assert.True(backend.Expect(TimeSpan.FromSeconds(1)));
        // Whoever leaves earlier does not make it shorter, nor who expects something sooner.
        Assert.True(backend.Expect(TimeSpan.FromMilliseconds(1)));
        backend.Enter();
        backend.Leave();
        Assert.Equal(TimeSpan.FromSeconds(-1), backend.Idle);
        Assert.False(backend.TryFallAsleep());
        Assert.Equal(BackendState.Awake, backend.State);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(backend.TryFallAsleep());
        Assert.False(backend.Expect(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Only_what_is_awake_falls_asleep()
    {
        var backend = TestGateway.NewBackend(new FakeWake());
        Assert.False(backend.TryFallAsleep());
        backend.SetAsleep();
        Assert.False(backend.TryFallAsleep());
        Assert.Equal(BackendState.Asleep, backend.State);
        backend.SetAwake();
        Assert.True(backend.TryFallAsleep());
        Assert.False(backend.TryFallAsleep());
    }

    [Fact]
    public async Task A_waker_that_gives_up_does_not_end_the_wake_of_the_others()
    {
        var awake = new TaskCompletionSource<Result>();
        var wake = new FakeWake { Act = _ => awake.Task };
        var backend = wake.Backend = TestGateway.NewBackend(wake);
        backend.SetAsleep();
        using var impatient = new CancellationTokenSource();
        backend.Enter();
        backend.Enter();
        var first = backend.WakeAsync(impatient.Token);
        var second = backend.WakeAsync(Cancel);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        awake.SetResult(Result.Success);
        Assert.True((await second).IsSuccess);
        Assert.Equal(1, wake.Calls);
    }

    [Fact]
    public async Task Whoever_enters_awake_is_never_put_to_sleep_under_their_feet()
    {
        const int Naps = 500;
        // As in the platform: sleeping and waking take turns, requests take none.
        using var turn = new SemaphoreSlim(1);
        var wake = new FakeWake();
        var backend = wake.Backend = TestGateway.NewBackend(wake);
        wake.Act = async cancellation =>
        {
            await turn.WaitAsync(cancellation);
            backend.SetAwake();
            turn.Release();
            return Result.Success;
        };
        backend.SetAwake();
        var (asleep, naps) = (0, 0);
        var sleeper = Task.Run(
            async () =>
            {
                while (naps < Naps)
                {
                    await turn.WaitAsync(Cancel);
                    if (backend.TryFallAsleep())
                    {
                        backend.SetAsleep();
                        Interlocked.Increment(ref naps);
                    }

                    turn.Release();
                    await Task.Yield();
                }
            },
            Cancel);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(
            async () =>
            {
                while (Volatile.Read(ref naps) < Naps)
                {
                    if (!backend.Enter())
                    {
                        await backend.WakeAsync(Cancel);
                    }

                    if (backend.State == BackendState.Asleep)
                    {
                        Interlocked.Increment(ref asleep);
                    }

                    backend.Leave();
                    await Task.Yield();
                }
            },
            Cancel)));
        await sleeper;
        Assert.Equal((0, 0), (asleep, backend.InFlight));
    }
}
