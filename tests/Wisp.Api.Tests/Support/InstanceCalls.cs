using System.Text.Json;

namespace Wisp.Api.Tests.Support;

/// <summary>What tests of operations on instances share.</summary>
internal static class InstanceCalls
{
    public static async Task<string> RunAsync(TestApi api)
    {
        var made = await api.CreateAsync(
            """
            {"name": "web", "image": "hello", "autostart": true, "timeout_s": -1, "scale_to_zero": {"policy": "on", "stateful": true},
             "service_group": {"services": [{"port": 80, "handlers": ["http"]}]}}
            """);
        Assert.Equal("running", made.Text("state"));
        return made.Text("uuid")!;
    }

    public static void AssertTransition(Answer answer, string uuid, string state, string previous)
    {
        JsonElement item = Assert.Single(answer.Items("instances"));
        Assert.Equal((uuid, state, previous, "success"), (item.Text("uuid"), item.Text("state"), item.Text("previous_state"), item.Text("status")));
        Assert.True(item.Has("name"));
    }
}
