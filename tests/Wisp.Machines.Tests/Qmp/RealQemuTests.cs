using Wisp.Machines.Qmp;
using Wisp.Machines.Tests.Support;

namespace Wisp.Machines.Tests.Qmp;

/// <summary>The client against QEMU itself.</summary>
public sealed class RealQemuTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Commands_refusals_and_events_are_understood()
    {
        using var qemu = await IdleQemu.StartAsync();
        await using var client = (await QmpClient.ConnectAsync(qemu.Socket, TimeProvider.System, Timeout, default)).Value;
        Assert.Equal("prelaunch", (await client.ExecuteAsync("query-status", null, Timeout, default)).Value.GetProperty("status").GetString());
        Assert.Contains("has not been found", (await client.ExecuteAsync("no-such-command", null, Timeout, default)).Error!.Message, StringComparison.Ordinal);
        Assert.True((await client.ExecuteAsync("query-qmp-schema", null, Timeout, default)).Value.GetArrayLength() > 100);

        Assert.True((await client.ExecuteAsync("cont", null, Timeout, default)).IsSuccess);
        Assert.Equal("RESUME", (await client.Events.ReadAsync()).Name);
        Assert.True((await client.ExecuteAsync("stop", null, Timeout, default)).IsSuccess);
        Assert.Equal("STOP", (await client.Events.ReadAsync()).Name);
    }

    [Fact]
    public async Task Quitting_ends_the_events()
    {
        using var qemu = await IdleQemu.StartAsync();
        await using var client = (await QmpClient.ConnectAsync(qemu.Socket, TimeProvider.System, Timeout, default)).Value;
        Assert.True((await client.ExecuteAsync("quit", null, Timeout, default)).IsSuccess);
        Assert.Equal("SHUTDOWN", (await client.Events.ReadAsync()).Name);
        await client.Events.Completion;
    }

    [Fact]
    public async Task A_vmm_that_is_killed_is_noticed()
    {
        using var qemu = await IdleQemu.StartAsync();
        await using var client = (await QmpClient.ConnectAsync(qemu.Socket, TimeProvider.System, Timeout, default)).Value;
        qemu.Process.Kill();
        await client.Events.Completion;
        Assert.Equal(ErrorCode.OperationFailed, (await client.ExecuteAsync("query-status", null, Timeout, default)).Error!.Code);
    }
}
