using System.Globalization;
using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests;

/// <summary>Real machines that are started and stopped by the calendar. With a wispd of its own, since it is killed.</summary>
[Trait("needs", "vm")]
public sealed class ScheduledInstanceTests
{
    [Fact]
    public async Task A_machine_is_started_and_stopped_by_schedule_and_what_a_dead_wispd_missed_is_made_up_for()
    {
        await using var wispd = new Wispd();
        await Node.BuildAsync(wispd, "hello");
        await wispd.StartAsync();
        var port = Ports.Free();
        var made = await wispd.ItemAsync(HttpMethod.Post, "/v1/instances", $$"""
            {"name":"clocked","image":"hello","memory_mb":128,
             "service_group":{"services":[{"ip":"127.0.0.1","port":{{port}},"destination_port":8080,"handlers":["http"]}]},
             "schedules":[{"name":"on","when":"@{{In(3)}}","action":"start"}]}
            """);
        Assert.Equal("stopped", made["state"]!.GetValue<string>());
        await wispd.WaitAsync("clocked", "running", 120);
        using var client = new HttpClient();
        Assert.True((await client.GetAsync($"http://127.0.0.1:{port}/", TestContext.Current.CancellationToken)).IsSuccessStatusCode);
        Assert.NotNull(wispd.FindVmm(made["uuid"]!.GetValue<string>()));

        await ScheduleAsync(wispd, "off", In(3), "stop");
        await wispd.WaitAsync("clocked", "stopped", 60);
        var stopped = await wispd.InstanceAsync("clocked");
        Assert.Equal(15, stopped["stop_reason"]!.GetValue<int>());
        Assert.Null(wispd.FindVmm(made["uuid"]!.GetValue<string>()));
        // Neither comes again, which is written down after the act.
        await wispd.UntilAsync("clocked", "done with its schedules", instance => instance["schedules"]!.AsArray().All(schedule => schedule!["next_at"] is null));

        var again = In(5);
        await ScheduleAsync(wispd, "again", again, "start");
        await wispd.KillAsync();
        // The moment itself is what has to pass while nobody is there.
        await Task.Delay(DateTimeOffset.FromUnixTimeSeconds(again + 1) - TimeProvider.System.GetUtcNow(), TestContext.Current.CancellationToken);
        await wispd.StartAsync();
        await wispd.WaitAsync("clocked", "running", 120);
        Assert.True((await client.GetAsync($"http://127.0.0.1:{port}/", TestContext.Current.CancellationToken)).IsSuccessStatusCode);
        Assert.Equal(2, (await wispd.InstanceAsync("clocked"))["start_count"]!.GetValue<int>());
        await wispd.WaitForOutputAsync("schedule again was due at", "nobody was there");
    }

    private static long In(int seconds) => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + seconds;

    private static async Task ScheduleAsync(Wispd wispd, string name, long at, string action)
    {
        var item = await wispd.ItemAsync(HttpMethod.Patch, "/v1/instances", string.Create(
            CultureInfo.InvariantCulture, $$"""{"name":"clocked","prop":"schedules","op":"add","value":[{"name":"{{name}}","when":"@{{at}}","action":"{{action}}"}]}"""));
        Assert.True(item["error"] is null, item.ToJsonString());
    }
}
