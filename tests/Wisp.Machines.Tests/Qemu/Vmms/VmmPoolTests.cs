using Wisp.Machines.Qemu.Vmms;
using Wisp.Machines.Tests.Support;
using Wisp.Tools;

namespace Wisp.Machines.Tests.Qemu.Vmms;

/// <summary>Real blanks, and a clock that the test sets.</summary>
public sealed class VmmPoolTests : IAsyncDisposable
{
    private const string Ready = "is ready", Ended = "is ended";
    private static readonly TimeSpan Courtesy = TimeSpan.FromMilliseconds(150), Quiet = TimeSpan.FromMinutes(1);
    private static readonly VmmShape Other = new(128, 1);

    private readonly VmmLab _lab = new();
    private readonly HeardTime _time = new();

    [Fact]
    public async Task One_that_is_expected_is_there_when_it_is_asked_for_and_then_there_is_another()
    {
        await using var pool = New(4);
        pool.Expect(VmmLab.Shape);
        await FillAsync(1);
        await UseAsync(pool.Take(VmmLab.Shape));
        await FillAsync(1);
        await UseAsync(pool.Take(VmmLab.Shape));
        Assert.Null(pool.Take(VmmLab.Shape));
    }

    [Fact]
    public async Task Expecting_what_is_there_already_starts_nothing()
    {
        await using var pool = New(4);
        pool.Expect(VmmLab.Shape);
        await FillAsync(1);
        pool.Expect(VmmLab.Shape);
        await _time.PassAsync(Courtesy);
        await pool.DisposeAsync();
        Assert.Single(_lab.Log.Lines, line => line.Contains(Ready, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_miss_doubles_the_wish_up_to_the_bound_and_a_quiet_minute_takes_one_away_but_not_the_last()
    {
        await using var pool = New(3);
        Assert.Null(pool.Take(VmmLab.Shape));
        await FillAsync(2);
        Assert.Equal(2, _lab.Running().Count);
        await UseAsync(pool.Take(VmmLab.Shape));
        await UseAsync(pool.Take(VmmLab.Shape));
        Assert.Null(pool.Take(VmmLab.Shape));
        await FillAsync(3);
        Assert.Equal(3, _lab.Running().Count);
        for (var left = 2; left >= 1; left--)
        {
            _time.Advance(Quiet);
            await _time.PassAsync(Courtesy);
            await _lab.Log.HearAsync(Ended);
            Assert.Equal(left, _lab.Running().Count);
        }

        _time.Advance(Quiet);
        await _time.PassAsync(Courtesy);
        await UseAsync(pool.Take(VmmLab.Shape));
    }

    [Fact]
    public async Task There_are_never_more_than_the_bound_and_what_was_asked_for_last_is_served_first()
    {
        await using var pool = New(1);
        pool.Expect(VmmLab.Shape);
        await FillAsync(1);
        var first = Assert.Single(_lab.Running());
        _time.Advance(TimeSpan.FromSeconds(1));
        pool.Expect(Other);
        await _time.PassAsync(Courtesy);
        await _lab.Log.HearAsync(Ended);
        await _lab.Log.HearAsync(Ready);
        _lab.AssertNothingOf(first);
        Assert.Single(_lab.Running());
        Assert.Null(pool.Take(VmmLab.Shape));
        await UseAsync(pool.Take(Other));
    }

    [Fact]
    public async Task One_that_died_is_not_given_out_but_cleaned_up_and_replaced()
    {
        await using var pool = New(4);
        pool.Expect(VmmLab.Shape);
        await FillAsync(1);
        var dead = await KillAsync();
        Assert.Null(pool.Take(VmmLab.Shape));
        await _time.PassAsync(Courtesy);
        await _lab.Log.HearAsync(Ended);
        _lab.AssertNothingOf(dead);
        await _lab.Log.HearAsync(Ready);
        await UseAsync(pool.Take(VmmLab.Shape));
    }

    [Fact]
    public async Task One_that_died_is_replaced_before_it_is_asked_for()
    {
        await using var pool = New(4);
        pool.Expect(VmmLab.Shape);
        await FillAsync(1);
        var dead = await KillAsync();
        _time.Advance(Quiet);
        await _time.PassAsync(Courtesy);
        await _lab.Log.HearAsync(Ready);
        _lab.AssertNothingOf(dead);
        await UseAsync(pool.Take(VmmLab.Shape));
    }

    /// <summary>Whoever needs a VMM starts one and hears the reason; the pool tries again the next time.</summary>
    [Fact]
    public async Task A_start_that_fails_is_said_and_tried_again()
    {
        var tools = new Gate { Fails = true };
        await using var pool = New(4, tools);
        pool.Expect(VmmLab.Shape);
        await _time.PassAsync(Courtesy);
        await _lab.Log.HearAsync("No VMM could be got ready");
        tools.Fails = false;
        Assert.Null(pool.Take(VmmLab.Shape));
        await FillAsync(1);
    }

    [Fact]
    public async Task A_start_that_throws_does_not_end_the_filling()
    {
        var tools = new Gate { Throws = true };
        await using var pool = New(4, tools);
        pool.Expect(VmmLab.Shape);
        await _time.PassAsync(Courtesy);
        await _lab.Log.HearAsync("Getting VMMs ready failed");
        tools.Throws = false;
        pool.Expect(VmmLab.Shape);
        await FillAsync(1);
    }

    [Fact]
    public async Task Disposing_while_one_is_being_started_leaves_nothing()
    {
        var tools = new Gate { Holds = true };
        var pool = New(4, tools);
        pool.Expect(VmmLab.Shape);
        await _time.PassAsync(Courtesy);
        await tools.Reached.Task;
        await pool.DisposeAsync();
        Assert.Empty(_lab.Running());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_lab.Options.VmmDirectory));
    }

    [Fact]
    public async Task Disposing_ends_those_that_wait_and_afterwards_there_is_none_to_be_had()
    {
        var pool = New(4);
        Assert.Null(pool.Take(VmmLab.Shape));
        await FillAsync(2);
        var ids = _lab.Running();
        await pool.DisposeAsync();
        Assert.All(ids, _lab.AssertNothingOf);
        Assert.Null(pool.Take(VmmLab.Shape));
        pool.Expect(VmmLab.Shape);
    }

    [Fact]
    public async Task A_pool_of_none_has_none()
    {
        await using var pool = New(0);
        pool.Expect(VmmLab.Shape);
        Assert.Null(pool.Take(VmmLab.Shape));
    }

    /// <summary>However many ask at the same time as it is filled and emptied, each gets one of its own.</summary>
    [Fact]
    public async Task Nobody_gets_what_another_got()
    {
        await using var pool = New(3);
        Assert.Null(pool.Take(VmmLab.Shape));
        await FillAsync(2);
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => pool.Take(VmmLab.Shape))));
        var got = taken.OfType<Vmm>().ToList();
        Assert.Equal(2, got.Select(vmm => vmm.Record.Id).Distinct().Count());
        Assert.Equal(2, got.Count);
        foreach (var vmm in got)
        {
            await UseAsync(vmm);
        }
    }

    public async ValueTask DisposeAsync() => await _lab.DisposeAsync();

    private VmmPool New(int most, IToolRunner? tools = null) => new(_lab.NewHost(tools), most, _time, _lab.Log);

    // Lets the pool do what it has been asked for.
    private async Task FillAsync(int ready)
    {
        await _time.PassAsync(Courtesy);
        for (; ready > 0; ready--)
        {
            await _lab.Log.HearAsync(Ready);
        }
    }

    private async Task UseAsync(Vmm? vmm)
    {
        Assert.NotNull(vmm);
        Assert.True(vmm.Process.IsAlive);
        await _lab.Host.DiscardAsync(vmm);
    }

    private async Task<Guid> KillAsync()
    {
        var id = Assert.Single(_lab.Running());
        await VmmProcesses.EndAsync(_lab.Options, id, TimeProvider.System);
        return id;
    }

    private sealed class Gate : IToolRunner
    {
        private readonly ToolRunner _tools = new();

        public bool Fails { get; set; }

        public bool Throws { get; set; }

        public bool Holds { get; init; }

        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<Result<ToolOutput>> RunAsync(ToolCommand command, Action<ToolLine>? onLine = null, CancellationToken cancellation = default)
        {
            if (Throws)
            {
                throw new InvalidOperationException("A mistake in the program.");
            }

            if (Fails)
            {
                return new WispError(ErrorCode.OperationFailed, "No.");
            }

            var output = await _tools.RunAsync(command, onLine, cancellation);
            Reached.TrySetResult();
            if (Holds)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            }

            return output;
        }
    }
}
