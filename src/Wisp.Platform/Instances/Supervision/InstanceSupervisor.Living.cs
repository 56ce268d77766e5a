using Wisp.Platform.Accounts;
using Wisp.Platform.Records;

namespace Wisp.Platform.Instances.Supervision;

// What it takes of what its account may have alive: before it comes to life, and until it is at rest or asleep.
internal sealed partial class InstanceSupervisor
{
    // In turn.
    private LiveFigures? _taken;

    // In turn. Whoever does not bring it to life after this gives it back.
    private Result TakeLife(InstanceRecord record)
    {
        if (_taken is not null)
        {
            return Result.Success;
        }

        var wanted = LiveFigures.Of(record);
        if (_fleet.Live.TryTake(record.Account, wanted).Failed(out var error))
        {
            return error;
        }

        _taken = wanted;
        return Result.Success;
    }

    // In turn.
    private void GiveLifeBack()
    {
        if (_taken is { } taken)
        {
            _fleet.Live.Take(_record.Account, -taken);
            _taken = null;
        }
    }

    // In turn, before others see the state. What runs already, or has to run to be stopped, is not refused.
    private void CountLife(InstanceState state)
    {
        if (state is not (InstanceState.Starting or InstanceState.Running or InstanceState.Draining or InstanceState.Stopping))
        {
            GiveLifeBack();
        }
        else if (_taken is null)
        {
            _taken = LiveFigures.Of(_record);
            _fleet.Live.Take(_record.Account, _taken);
        }
    }
}
