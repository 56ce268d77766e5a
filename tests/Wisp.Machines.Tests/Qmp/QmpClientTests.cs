using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Wisp.Machines.Qmp;
using Wisp.Machines.Tests.Support;

namespace Wisp.Machines.Tests.Qmp;

/// <summary>The client against a socket on which the test plays QEMU.</summary>
public sealed class QmpClientTests : IAsyncLifetime
{
    private const string Greeting = """{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}}, "capabilities": ["oob"]}}""" + "\r\n";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private SocketPair _vmm = null!;
    private QmpClient? _client;

    public async ValueTask InitializeAsync() => _vmm = await SocketPair.CreateAsync();

    [Fact]
    public async Task It_waits_for_the_greeting_and_leaves_negotiation()
    {
        var connecting = QmpClient.ConnectAsync(_vmm.Ours, _time, Timeout, default);
        await _vmm.SayAsync(Greeting);
        Assert.Equal("""{"execute":"qmp_capabilities","id":1}""", await _vmm.HearLineAsync());
        await _vmm.SayAsync("""{"return": {}, "id": 1}""" + "\r\n");
        await using var client = (await connecting).Value;
    }

    [Fact]
    public async Task A_vmm_that_does_not_greet_in_time_is_abandoned()
    {
        var connecting = QmpClient.ConnectAsync(_vmm.Ours, _time, Timeout, default);
        _time.Advance(Timeout);
        Assert.Equal(ErrorCode.TimedOut, (await connecting).Error!.Code);
        Assert.Equal(0, await _vmm.Theirs.ReceiveAsync(new byte[1]));
    }

    [Fact]
    public async Task A_vmm_that_hangs_up_instead_is_an_error()
    {
        var connecting = QmpClient.ConnectAsync(_vmm.Ours, _time, Timeout, default);
        _vmm.Theirs.Dispose();
        Assert.Equal(ErrorCode.OperationFailed, (await connecting).Error!.Code);
    }

    [Fact]
    public async Task Giving_up_while_connecting_hangs_up()
    {
        using var cancellation = new CancellationTokenSource();
        var connecting = QmpClient.ConnectAsync(_vmm.Ours, _time, Timeout, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        Assert.Equal(0, await _vmm.Theirs.ReceiveAsync(new byte[1]));
    }

    [Fact]
    public async Task An_answer_is_what_the_command_returns()
    {
        var client = await ConnectAsync();
        var running = client.ExecuteAsync("query-status", null, Timeout, default);
        Assert.Equal("""{"execute":"query-status","id":2}""", await _vmm.HearLineAsync());
        await _vmm.SayAsync("""{"return": {"running": false, "status": "paused"}, "id": 2}""" + "\r\n");
        Assert.Equal("paused", (await running).Value.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Arguments_are_sent_as_they_are()
    {
        var client = await ConnectAsync();
        var running = client.ExecuteAsync("device_del", """{"id":"net"}""", Timeout, default);
        Assert.Equal("""{"execute":"device_del","id":2,"arguments":{"id":"net"}}""", await _vmm.HearLineAsync());
        await _vmm.SayAsync("{\"return\":{},\"id\":2}\n");
        Assert.True((await running).IsSuccess);
    }

    [Fact]
    public async Task Answers_in_any_order_find_their_commands()
    {
        var client = await ConnectAsync();
        var running = Enumerable.Range(0, 20).Select(number => client.ExecuteAsync($"c{number}", null, Timeout, default)).ToArray();
        var asked = new List<(string Command, int Id)>();
        foreach (var _ in running)
        {
            using var line = JsonDocument.Parse(await _vmm.HearLineAsync());
            asked.Add((line.RootElement.GetProperty("execute").GetString()!, line.RootElement.GetProperty("id").GetInt32()));
        }

        foreach (var (command, id) in asked.OrderByDescending(one => one.Id))
        {
            await _vmm.SayAsync($"{{\"return\":\"{command}\",\"id\":{id}}}\n");
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(number => $"c{number}"), (await Task.WhenAll(running)).Select(answer => answer.Value.GetString()));
    }

    [Fact]
    public async Task A_refusal_is_told_in_the_vmms_words()
    {
        var client = await ConnectAsync();
        var running = client.ExecuteAsync("cont", null, Timeout, default);
        await _vmm.SayAsync("""{"id": 2, "error": {"class": "GenericError", "desc": "Resetting the Virtual Machine is required"}}""" + "\r\n");
        Assert.Equal((ErrorCode.OperationFailed, "The VMM refused: Resetting the Virtual Machine is required"), ((await running).Error!.Code, (await running).Error!.Message));
    }

    [Fact]
    public async Task Events_between_answers_come_in_order()
    {
        var client = await ConnectAsync();
        var running = client.ExecuteAsync("stop", null, Timeout, default);
        await _vmm.SayAsync(
            """
            {"timestamp": {"seconds": 1, "microseconds": 2}, "event": "STOP"}
            {"return": {}, "id": 2}
            {"timestamp": {"seconds": 1, "microseconds": 3}, "event": "SHUTDOWN", "data": {"guest": true, "reason": "guest-reset"}}

            """);
        Assert.True((await running).IsSuccess);
        Assert.Equal("STOP", (await client.Events.ReadAsync()).Name);
        var shutdown = await client.Events.ReadAsync();
        Assert.Equal(("SHUTDOWN", "guest-reset"), (shutdown.Name, shutdown.Data.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Lines_torn_into_bytes_and_lines_in_one_piece_are_read_the_same()
    {
        var client = await ConnectAsync();
        var (first, second) = (client.ExecuteAsync("a", null, Timeout, default), client.ExecuteAsync("b", null, Timeout, default));
        foreach (var letter in """{"return": "käse", "id": 2}""" + "\r\n")
        {
            await _vmm.SayAsync(letter.ToString());
        }

        await _vmm.SayAsync("\r\n\n{\"event\":\"STOP\"}\n{\"return\":\"b\",\"id\":3}\n");
        Assert.Equal(("käse", "b"), ((await first).Value.GetString(), (await second).Value.GetString()));
    }

    [Fact]
    public async Task An_answer_longer_than_any_buffer_arrives()
    {
        var client = await ConnectAsync();
        var running = client.ExecuteAsync("query-qmp-schema", null, Timeout, default);
        var text = new string('x', 300_000);
        await _vmm.SayAsync($"{{\"return\":\"{text}\",\"id\":2}}\n");
        Assert.Equal(text, (await running).Value.GetString());
    }

    [Fact]
    public async Task An_answer_that_does_not_come_in_time_is_not_waited_for_and_its_lateness_hurts_nobody()
    {
        var client = await ConnectAsync();
        var late = client.ExecuteAsync("savevm", null, Timeout, default);
        await _vmm.HearLineAsync();
        _time.Advance(Timeout);
        Assert.Equal(ErrorCode.TimedOut, (await late).Error!.Code);
        Assert.Contains("'savevm'", (await late).Error!.Message, StringComparison.Ordinal);

        var next = client.ExecuteAsync("cont", null, Timeout, default);
        await _vmm.HearLineAsync();
        await _vmm.SayAsync("{\"return\":\"late\",\"id\":2}\n{\"return\":\"mine\",\"id\":3}\n");
        Assert.Equal("mine", (await next).Value.GetString());
    }

    [Fact]
    public async Task Who_stops_waiting_leaves_the_connection_whole()
    {
        var client = await ConnectAsync();
        using var cancellation = new CancellationTokenSource();
        var abandoned = client.ExecuteAsync("a", null, Timeout, cancellation.Token);
        await _vmm.HearLineAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.ExecuteAsync("b", null, Timeout, cancellation.Token));

        var next = client.ExecuteAsync("c", null, Timeout, default);
        using var asked = JsonDocument.Parse(await _vmm.HearLineAsync());
        Assert.Equal("c", asked.RootElement.GetProperty("execute").GetString());
        await _vmm.SayAsync($"{{\"return\":{{}},\"id\":{asked.RootElement.GetProperty("id").GetInt32()}}}\n");
        Assert.True((await next).IsSuccess);
    }

    [Fact]
    public async Task A_vmm_that_dies_tells_all_who_wait_and_ends_the_events()
    {
        var client = await ConnectAsync();
        var waiting = Enumerable.Range(0, 5).Select(_ => client.ExecuteAsync("cont", null, Timeout, default)).ToArray();
        await _vmm.HearLineAsync();
        _vmm.Theirs.Dispose();
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(ErrorCode.OperationFailed, answer.Error!.Code));
        await client.Events.Completion;
        Assert.Equal(ErrorCode.OperationFailed, (await client.ExecuteAsync("cont", null, Timeout, default)).Error!.Code);
    }

    [Theory]
    [InlineData("not json\n")]
    [InlineData("[1,2]\n")]
    [InlineData("7\n")]
    [InlineData("{\"event\":7}\n")]
    [InlineData("{\"return\":{},\"id\":\"two\"}\n")]
    [InlineData("\u0000\u0001\n")]
    public async Task Nonsense_ends_the_connection_and_nobody_waits_for_ever(string nonsense)
    {
        var client = await ConnectAsync();
        var waiting = client.ExecuteAsync("cont", null, Timeout, default);
        await _vmm.SayAsync(nonsense);
        Assert.Equal(ErrorCode.OperationFailed, (await waiting).Error!.Code);
        await client.Events.Completion;
    }

    [Fact]
    public async Task A_line_without_end_ends_the_connection()
    {
        var client = await ConnectAsync();
        var waiting = client.ExecuteAsync("cont", null, Timeout, default);
        var flooding = _vmm.SayAsync(new byte[8 * 1024 * 1024]);
        Assert.Equal(ErrorCode.OperationFailed, (await waiting).Error!.Code);
        await client.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => flooding);
    }

    [Fact]
    public async Task Answers_to_nobody_are_passed_over()
    {
        var client = await ConnectAsync();
        var running = client.ExecuteAsync("cont", null, Timeout, default);
        await _vmm.SayAsync("{\"return\":{},\"id\":99}\n{\"return\":{}}\n{}\n{\"return\":\"mine\",\"id\":2}\n");
        Assert.Equal("mine", (await running).Value.GetString());
    }

    [Fact]
    public async Task Hanging_up_tells_those_who_wait()
    {
        var client = await ConnectAsync();
        var waiting = client.ExecuteAsync("cont", null, Timeout, default);
        await client.DisposeAsync();
        Assert.Equal(ErrorCode.OperationFailed, (await waiting).Error!.Code);
        Assert.Equal(ErrorCode.OperationFailed, (await client.ExecuteAsync("cont", null, Timeout, default)).Error!.Code);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        _vmm.Dispose();
    }

    private async Task<QmpClient> ConnectAsync()
    {
        var connecting = QmpClient.ConnectAsync(_vmm.Ours, _time, Timeout, default);
        await _vmm.SayAsync(Greeting);
        await _vmm.HearLineAsync();
        await _vmm.SayAsync("{\"return\":{},\"id\":1}\n");
        return _client = (await connecting).Value;
    }
}
