using System.Net.Sockets;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests;

/// <summary>Connections that are open and silent while their instance sleeps.</summary>
public sealed class ParkedTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_silent_connection_does_not_keep_it_awake_and_its_next_piece_wakes_it()
    {
        await using var talk = await BeginAsync();
        var (gateway, client, guest) = talk;
        await client.SendAsync("one");
        await guest.ReadUntilAsync("one");
        await SleepAsync(gateway);
        Assert.Equal((1, 1, 0), (gateway.Backend.InFlight, gateway.Backend.Parked, gateway.Wake.Calls));
        await client.SendAsync("two");
        Assert.Equal("two", await guest.ReadUntilAsync("two"));
        Assert.Equal(1, gateway.Wake.Calls);
        await guest.SendAsync("heard");
        Assert.Equal("heard", await client.ReadUntilAsync("heard"));
    }

    [Fact]
    public async Task What_is_said_while_it_sleeps_is_held_in_order_and_the_end_too()
    {
        await using var talk = await BeginAsync();
        var (gateway, client, guest) = talk;
        await SleepAsync(gateway);
        var awake = new TaskCompletionSource<Result>();
        gateway.Wake.Act = _ => awake.Task;
        await client.SendAsync("one ");
        await gateway.Wake.Called.WaitAsync(Cancel);
        await client.SendAsync("two ");
        await client.SendAsync("three");
        client.EndSending();
        gateway.Backend.SetAwake();
        awake.SetResult(Result.Success);
        Assert.Equal("one two three", await guest.ReadToEndAsync());
        await guest.SendAsync("all heard");
        guest.EndSending();
        Assert.Equal("all heard", await client.ReadToEndAsync());
        await gateway.QuietAsync();
        Assert.Equal(0, gateway.Backend.Parked);
    }

    [Fact]
    public async Task While_something_is_said_it_does_not_fall_asleep()
    {
        await using var talk = await BeginAsync();
        var (gateway, client, guest) = talk;
        // More than buffers take: the guest is still talking while the client does not listen.
        var talking = guest.Stream.WriteAsync(new byte[32 << 20], Cancel).AsTask();
        await Eventually.TrueAsync(() => gateway.Backend.IsBusy);
        Assert.False(gateway.Backend.TryFallAsleep());
        var heard = 0;
        var buffer = new byte[1 << 20];
        while (heard < 32 << 20)
        {
            heard += await client.Stream.ReadAsync(buffer, Cancel);
        }

        await talking;
        await SleepAsync(gateway);
    }

    [Fact]
    public async Task What_was_said_a_moment_ago_counts_until_the_cooldown_is_over()
    {
        await using var talk = await BeginAsync();
        var (gateway, client, guest) = talk;
        await client.SendAsync("one");
        await guest.ReadUntilAsync("one");
        await Eventually.TrueAsync(() => !gateway.Backend.IsBusy);
        Assert.False(gateway.Backend.TryFallAsleep(TimeSpan.FromMinutes(10)));
        Assert.Equal(BackendState.Awake, gateway.Backend.State);
        Assert.True(gateway.Backend.TryFallAsleep(TimeSpan.Zero));
    }

    [Fact]
    public async Task What_the_guest_has_not_taken_yet_is_owed_to_it()
    {
        await using var talk = await BeginAsync();
        var (gateway, client, guest) = talk;
        Assert.False(gateway.Backend.OwesGuest);
        // More than buffers take.
        var talking = client.Stream.WriteAsync(new byte[32 << 20], Cancel).AsTask();
        await Eventually.TrueAsync(() => gateway.Backend.OwesGuest);
        var buffer = new byte[1 << 20];
        for (var heard = 0; heard < 32 << 20;)
        {
            heard += await guest.Stream.ReadAsync(buffer, Cancel);
        }

        await talking;
        await Eventually.TrueAsync(() => !gateway.Backend.OwesGuest);
    }

    [Fact]
    public async Task A_wake_that_fails_ends_the_connection()
    {
        await using var talk = await BeginAsync();
        var (gateway, client, _) = talk;
        await SleepAsync(gateway);
        gateway.Wake.Act = _ => Task.FromResult<Result>(new WispError(ErrorCode.OperationFailed, "Gone."));
        await client.SendAsync("anybody?");
        await AssertEndedAsync(client);
        await gateway.QuietAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_outlives_its_machine_if_that_is_kept_on_disk_and_ends_with_the_instance(bool isKept)
    {
        await using var talk = await BeginAsync();
        var (gateway, client, guest) = talk;
        await SleepAsync(gateway);
        await gateway.Backend.LoseMachineAsync(isKept);
        if (isKept)
        {
            await client.SendAsync("still here");
            Assert.Equal("still here", await guest.ReadUntilAsync("here"));
            await gateway.Backend.EndMachineAsync();
        }

        await AssertEndedAsync(client);
        await gateway.QuietAsync();
    }

    private static async Task<TcpConversation> BeginAsync()
    {
        var application = new TcpApplication();
        var gateway = await TestGateway.StartAsync(application.Port, RouteProtocol.Tcp);
        gateway.Backend.ParksSilent = true;
        var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        return new TcpConversation(application, gateway, client, await application.AcceptAsync());
    }

    private static async Task SleepAsync(TestGateway gateway)
    {
        await Eventually.TrueAsync(() => gateway.Backend.TryFallAsleep());
        gateway.Backend.SetAsleep();
    }

    private static async Task AssertEndedAsync(RawClient connection)
    {
        try
        {
            Assert.Equal("", await connection.ReadToEndAsync());
        }
        catch (IOException exception) when (exception.InnerException is SocketException)
        {
            // Reset.
        }
    }
}
