using System.Text;
using Wisp.Api.Tests.Support;
using Wisp.Machines.Consoles;

namespace Wisp.Api.Tests;

/// <summary>Reading the console (platform API, "Instance operations").</summary>
public sealed class LogTests
{
    private const string Path = "/v1/instances";

    [Fact]
    public async Task A_log_is_read_by_position()
    {
        await using var api = await TestApi.StartAsync();
        var uuid = (await api.CreateAsync("{\"name\": \"a\", \"image\": \"hello\"}")).Text("uuid");
        var text = string.Concat(Enumerable.Range(0, 2000).Select(number => $"line {number:0000}\n"));
        var directory = Directory.CreateDirectory(System.IO.Path.Combine(api.Node.InstancesDirectory, uuid!)).FullName;
        await File.WriteAllTextAsync(System.IO.Path.Combine(directory, ConsoleLog.FileName), text, TestContext.Current.CancellationToken);
        await ExpectAsync("", 0, 4096);
        await ExpectAsync("?limit=16383&offset=-16383", text.Length - 16383, text.Length);
        await ExpectAsync("?offset=0&limit=1", 0, 1);
        await ExpectAsync("?offset=10&limit=0", 10, 10);
        await ExpectAsync($"?offset={text.Length}", text.Length, text.Length);
        await ExpectAsync("?offset=999999999", text.Length, text.Length);
        await ExpectAsync("?offset=-999999999&limit=5", 0, 5);
        await ExpectAsync("?offset=-9223372036854775808&limit=9223372036854775807", 0, text.Length);
        await ExpectAsync("", 100, 110, "{\"offset\": 100, \"limit\": 10}");

        async Task ExpectAsync(string query, int start, int end, string? body = null)
        {
            var item = Assert.Single((await api.GetAsync($"{Path}/{uuid}/log{query}", body)).Success().Items("instances"));
            Assert.Equal((uuid, "a", "stopped"), (item.Text("uuid"), item.Text("name"), item.Text("state")));
            Assert.Equal((0, text.Length), (item.GetProperty("available").Number("start"), item.GetProperty("available").Number("end")));
            Assert.Equal((start, end), (item.GetProperty("range").Number("start"), item.GetProperty("range").Number("end")));
            Assert.Equal(text[start..end], Encoding.ASCII.GetString(item.GetProperty("output").GetBytesFromBase64()));
        }
    }

    [Fact]
    public async Task A_log_of_who_never_ran_is_empty()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("{\"name\": \"a\", \"image\": \"hello\"}");
        var item = Assert.Single((await api.GetAsync(Path + "/log?name=a")).Success().Items("instances"));
        Assert.Equal("", item.Text("output"));
        Assert.Equal(0, item.GetProperty("available").Number("end"));
    }
}
