using System.Net;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests.Udp;

/// <summary>Datagrams through the gateway, with real sockets on both sides.</summary>
public sealed class UdpTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_said_arrives_whole_and_the_answer_comes_from_where_it_was_sent_to()
    {
        using var guest = new UdpApplication();
        await using var gateway = await TestGateway.StartAsync(guest.Port, RouteProtocol.Udp);
        using var client = new UdpApplication().To(gateway.Route.Listen);
        foreach (var said in (string[])["one", "", new string('x', 60_000), "four"])
        {
            client.Send(said);
            Assert.Equal(said, await guest.EchoAsync());
            Assert.Equal(said, await client.HearAsync());
        }

        Assert.Equal((1, 1, 1L), (gateway.Backend.InFlight, gateway.Backend.Parked, gateway.Backend.Total));
    }

    [Theory]
    [InlineData("0.0.0.0", "127.0.77.1")]
    [InlineData("::", "127.0.77.2")]
    [InlineData("::", "::1")]
    public async Task A_port_of_all_addresses_answers_from_the_one_that_was_asked(string listen, string asked)
    {
        using var guest = new UdpApplication();
        await using var gateway = await TestGateway.StartAsync(guest.Port, RouteProtocol.Udp);
        var port = Loopback.NextPort();
        Assert.True((await gateway.PublishAsync(gateway.Route with { Id = Guid.NewGuid(), Listen = new IPEndPoint(IPAddress.Parse(listen), port) })).IsSuccess);
        // It hears nobody but whom it asked.
        using var client = new UdpApplication(IPAddress.Parse(asked.Contains(':') ? "::1" : "127.0.0.1")).To(new IPEndPoint(IPAddress.Parse(asked), port));
        client.Send("from where?");
        await guest.EchoAsync();
        Assert.Equal("from where?", await client.HearAsync());
    }

    [Fact]
    public async Task Each_client_hears_its_own_answers()
    {
        using var guest = new UdpApplication();
        await using var gateway = await TestGateway.StartAsync(guest.Port, RouteProtocol.Udp);
        using UdpApplication one = new UdpApplication().To(gateway.Route.Listen), two = new UdpApplication().To(gateway.Route.Listen);
        one.Send("1");
        var (first, toOne) = await guest.HearFromAsync();
        two.Send("2");
        var (second, toTwo) = await guest.HearFromAsync();
        guest.Send(second, toTwo);
        guest.Send(first, toOne);
        Assert.Equal(("1", "2"), (await one.HearAsync(), await two.HearAsync()));
        // Later ones come from the same place, so that the guest knows them again.
        one.Send("more");
        Assert.Equal(("more", toOne), await guest.HearFromAsync());
    }

    [Fact]
    public async Task A_datagram_wakes_a_sleeper_once_and_what_comes_meanwhile_arrives_in_order()
    {
        using var guest = new UdpApplication();
        await using var gateway = await TestGateway.StartAsync(guest.Port, RouteProtocol.Udp);
        gateway.Backend.SetAsleep();
        var awake = new TaskCompletionSource<Result>();
        gateway.Wake.Act = _ => awake.Task;
        using var client = new UdpApplication().To(gateway.Route.Listen);
        for (var i = 0; i < 50; i++)
        {
            client.Send($"{i}");
        }

        await gateway.Wake.Called.WaitAsync(Cancel);
        awake.SetResult(Result.Success);
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal($"{i}", await guest.HearAsync());
        }

        client.Send("awake");
        Assert.Equal(("awake", 1), (await guest.HearAsync(), gateway.Wake.Calls));
    }

    [Fact]
    public async Task A_silent_session_lets_it_sleep_and_its_next_datagram_wakes_it()
    {
        using var guest = new UdpApplication();
        await using var gateway = await TestGateway.StartAsync(guest.Port, RouteProtocol.Udp);
        using var client = new UdpApplication().To(gateway.Route.Listen);
        client.Send("one");
        var (_, from) = await guest.HearFromAsync();
        await Eventually.TrueAsync(() => gateway.Backend.TryFallAsleep());
        gateway.Backend.SetAsleep();
        Assert.Equal((1, 0), (gateway.Backend.InFlight, gateway.Wake.Calls));
        client.Send("two");
        // As the same, whatever was between: the guest's end of it is in its memory.
        Assert.Equal(("two", from), await guest.HearFromAsync());
        Assert.Equal(1, gateway.Wake.Calls);
    }

    [Fact]
    public async Task Where_nobody_can_be_woken_the_client_is_told_nothing_and_the_next_datagram_is_another_try()
    {
        using var guest = new UdpApplication();
        await using var gateway = await TestGateway.StartAsync(guest.Port, RouteProtocol.Udp);
        gateway.Backend.SetAsleep();
        gateway.Wake.Act = _ => Task.FromResult<Result>(new WispError(ErrorCode.OperationFailed, "Not now."));
        using var client = new UdpApplication().To(gateway.Route.Listen);
        client.Send("lost");
        await gateway.Wake.Called.WaitAsync(Cancel);
        await gateway.QuietAsync();
        gateway.Wake.Act = _ => Task.FromResult(Result.Success);
        await SayUntilHeardAsync(client, guest, "again");
        client.Send("last");
        (string Text, EndPoint From) heard;
        do
        {
            heard = await guest.HearFromAsync();
        }
        while (heard.Text != "last");
        guest.Send("the first answer", heard.From);
        Assert.Equal("the first answer", await client.HearAsync());
    }

    [Fact]
    public async Task A_guest_that_does_not_listen_is_talked_to_again_once_it_does()
    {
        var nobody = new UdpApplication();
        var port = nobody.Port;
        nobody.Dispose();
        await using var gateway = await TestGateway.StartAsync(port, RouteProtocol.Udp);
        using var client = new UdpApplication().To(gateway.Route.Listen);
        for (var i = 0; i < 10; i++)
        {
            client.Send("nobody?");
        }

        await Eventually.TrueAsync(() => gateway.Backend is { Total: 1, IsBusy: false });
        using var guest = new UdpApplication(port: port);
        await SayUntilHeardAsync(client, guest, "somebody?");
        Assert.Equal((1, 1L), (gateway.Backend.InFlight, gateway.Backend.Total));
    }

    [Fact]
    public async Task The_hard_limit_counts_sessions()
    {
        using var guest = new UdpApplication();
        await using var gateway = await TestGateway.StartAsync(guest.Port, RouteProtocol.Udp);
        Assert.True((await gateway.PublishAsync(gateway.Route with { HardLimit = 2 })).IsSuccess);
        var clients = Enumerable.Range(0, 5).Select(_ => new UdpApplication().To(gateway.Route.Listen)).ToArray();
        for (var i = 0; i < clients.Length; i++)
        {
            clients[i].Send($"{i}");
        }

        // The order in which those that were held are served is their own.
        HashSet<string> served = [await guest.HearAsync(), await guest.HearAsync()];
        foreach (var (client, i) in clients.Select((client, i) => (client, i)).Where(pair => served.Contains($"{pair.i}")))
        {
            client.Send($"more of {i}");
            Assert.Equal($"more of {i}", await guest.HearAsync());
        }

        Assert.Equal((2, 2L), (gateway.Backend.InFlight, gateway.Backend.Total));
        Array.ForEach(clients, client => client.Dispose());
    }

    [Fact]
    public async Task A_session_goes_on_with_another_when_its_instance_has_ended()
    {
        using UdpApplication first = new(), second = new();
        await using var group = await TestGroup.StartAsync([first.Port, second.Port], route => route with { Protocol = RouteProtocol.Udp });
        using var client = new UdpApplication().To(group.Route.Listen);
        client.Send("one");
        Assert.Equal("one", await first.HearAsync());
        await group[0].EndMachineAsync();
        Assert.Equal((0, 0), (group[0].InFlight, group[0].Parked));
        client.Send("two");
        Assert.Equal("two", await second.EchoAsync());
        Assert.Equal("two", await client.HearAsync());
    }

    [Fact]
    public async Task An_instance_that_starts_again_is_talked_to_by_the_session_that_it_had()
    {
        using var guest = new UdpApplication();
        await using var gateway = await TestGateway.StartAsync(guest.Port, RouteProtocol.Udp);
        using var client = new UdpApplication().To(gateway.Route.Listen);
        client.Send("one");
        await guest.HearAsync();
        await gateway.Backend.EndMachineAsync();
        gateway.Backend.SetAwake();
        client.Send("two");
        Assert.Equal("two", await guest.EchoAsync());
        Assert.Equal("two", await client.HearAsync());
        Assert.Equal(1, gateway.Backend.InFlight);
    }

    [Fact]
    public async Task Another_destination_port_is_used_by_the_next_datagram()
    {
        using UdpApplication before = new(), after = new();
        await using var gateway = await TestGateway.StartAsync(before.Port, RouteProtocol.Udp);
        using var client = new UdpApplication().To(gateway.Route.Listen);
        client.Send("one");
        await before.HearAsync();
        Assert.True((await gateway.PublishAsync(gateway.Route with { Targets = [new RouteTarget(gateway.Backend, after.Port)] })).IsSuccess);
        client.Send("two");
        Assert.Equal("two", await after.HearAsync());
        Assert.Equal(1, gateway.Backend.InFlight);
    }

    [Fact]
    public async Task A_port_is_taken_per_protocol_and_whoever_has_it_is_named()
    {
        using var guest = new UdpApplication();
        await using var gateway = await TestGateway.StartAsync(guest.Port, RouteProtocol.Udp);
        var same = gateway.Route with { Id = Guid.NewGuid(), ServiceName = "other" };
        Assert.True((await gateway.PublishAsync(same with { Protocol = RouteProtocol.Tcp })).IsSuccess);
        Assert.True((await gateway.PublishAsync(same with { Id = Guid.NewGuid() })).Failed(out var taken));
        Assert.Equal($"UDP port {same.Listen.Port} of {same.Listen.Address} is taken by the service 'web'.", taken.Message);
        var elsewhere = Loopback.Next();
        using var somebody = new UdpApplication(elsewhere.Address, elsewhere.Port);
        Assert.True((await gateway.PublishAsync(same with { Id = Guid.NewGuid(), Listen = elsewhere })).Failed(out var held));
        Assert.Contains($"is taken on this host by ", held.Message, StringComparison.Ordinal);
        Assert.Contains($"(pid {Environment.ProcessId})", held.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_route_that_is_taken_away_lets_go_of_its_port_and_its_sessions()
    {
        using var guest = new UdpApplication();
        await using var gateway = await TestGateway.StartAsync(guest.Port, RouteProtocol.Udp);
        using var client = new UdpApplication().To(gateway.Route.Listen);
        client.Send("one");
        await guest.HearAsync();
        await gateway.Gateway.UnpublishAsync(gateway.Route.Id);
        Assert.Equal((0, 0), (gateway.Backend.InFlight, gateway.Backend.Parked));
        using var next = new UdpApplication(gateway.Route.Listen.Address, gateway.Route.Listen.Port);
    }

    // Until it is heard: what comes before may be lost, as datagrams are.
    private static async Task SayUntilHeardAsync(UdpApplication client, UdpApplication guest, string text)
    {
        var heard = guest.HearAsync();
        while (!heard.IsCompleted)
        {
            Cancel.ThrowIfCancellationRequested();
            client.Send(text);
            await Task.WhenAny(heard, Task.Delay(1, Cancel));
        }

        await heard;
    }
}
