namespace Wisp.Platform.Instances.Supervision;

// What it depends on is started first; and its share of the processors.
internal sealed partial class InstanceSupervisor
{
    // In turn: its machine still has the share of one that starts.
    private bool _isBoosted;

    /// <summary>True when a reference leads here.</summary>
    public bool IsMeantBy(ResourceRef reference) =>
        reference.Uuid == _record.Uuid || string.Equals(reference.Name, _record.Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Changes what it depends on.</summary>
    public async Task<Result> DependAsync(IReadOnlyList<Guid> on, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var before = _record;
            var result = await SaveAsync(before with { Dependencies = on });
            if (!result.IsSuccess)
            {
                // Unlike what happened to its machine, this did not happen.
                _record = before;
                return result;
            }

            Events?.Changed(this, State);
            return result;
        }
        finally
        {
            _turn.Release();
        }
    }

    // In turn.
    private void BeginInOrder(IReadOnlyList<InstanceSupervisor> first, StartRequest how)
    {
        _hint = new WispError(
            ErrorCode.OperationFailed, $" It waits for {string.Join(", ", first.Select(one => $"'{one._record.Name}'"))} to run, on which it depends.");
        _launching = CancellationTokenSource.CreateLinkedTokenSource(_letGo.Token, _fleet.Stopping);
        var calledOff = _launching.Token;
        _work.Begin(() => LaunchInOrderAsync(first, how, calledOff));
    }

    // It holds no turn while it waits, so that it can be stopped and deleted meanwhile.
    private async Task LaunchInOrderAsync(IReadOnlyList<InstanceSupervisor> first, StartRequest how, CancellationToken calledOff)
    {
        calledOff.ThrowIfCancellationRequested();
        var failure = await StartAllAsync(first, calledOff);
        await _turn.WaitAsync(calledOff);
        try
        {
            calledOff.ThrowIfCancellationRequested();
            _launching?.Dispose();
            (_launching, _hint) = (null, null);
            if (failure is not null)
            {
                await FailToStartAsync(failure);
                return;
            }

            // What it took the others is not its own.
            _record = _record with { StartedAt = _time.GetUtcNow() };
            await BeginMachineAsync(how);
        }
        finally
        {
            _turn.Release();
        }
    }

    // The first failure of them, or null once all run. One that has done its work by then has run.
    private async Task<WispError?> StartAllAsync(IReadOnlyList<InstanceSupervisor> first, CancellationToken calledOff)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(calledOff);
        await foreach (var start in Task.WhenEach(first.Select(one => StartOneAsync(one, giveUp.Token))))
        {
            if (await start is { } failure)
            {
                await giveUp.CancelAsync();
                return failure;
            }
        }

        return null;
    }

    private async Task<WispError?> StartOneAsync(InstanceSupervisor one, CancellationToken calledOff) =>
        (await one.StartAsync(_options.LongestWait, calledOff)).Failed(out var error, out _)
            ? new WispError(ErrorCode.OperationFailed, $"'{one._record.Name}', on which it depends, did not start: {error.Message}", error.NextStep, error.Help)
            : null;

    // In turn.
    private void Prioritize()
    {
        if (_machine?.SetCpuShare(State == InstanceState.Starting ? SchedulingRules.ShareWhileStarting(_record.Priority) : SchedulingRules.ShareOf(_record.Priority))
            is { IsSuccess: false, Error: { } error })
        {
            _logger.Trouble(_record.Name, _record.Uuid, "changing its share of the processors", error);
        }
    }

    // In turn: it runs. Only after a start: waking what is paused costs no file.
    private void EndBoost()
    {
        if (_isBoosted)
        {
            _isBoosted = false;
            Prioritize();
        }
    }
}
