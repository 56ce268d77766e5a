using Wisp.Machines;

namespace Wisp.Platform.Instances.Supervision;

internal sealed partial class InstanceSupervisor
{
    /// <summary>Tells its guest something; <see cref="ErrorCode.WrongState"/> when there is no machine to hear it.</summary>
    public async Task<Result> TellAsync(GuestNews news) =>
        _machine is { } machine ? await machine.TellAsync(news, _letGo.Token) : WrongState("told anything");
}
