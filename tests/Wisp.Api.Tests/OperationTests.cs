using System.Net;
using Wisp.Api.Tests.Support;
using Wisp.Platform.Instances;

namespace Wisp.Api.Tests;

/// <summary>Operations on several instances, and how they are named (platform API, "Identifiers, naming, refs, bulk").</summary>
public sealed class OperationTests
{
    private const string Path = "/v1/instances";
    private const string Absent = "7f0c1d3e-0000-4000-8000-000000000000";

    [Fact]
    public async Task Several_at_once_have_each_its_own_fate()
    {
        await using var api = await TestApi.StartAsync();
        await api.PostAsync(Path, "[{\"name\": \"a\", \"image\": \"hello\"}, {\"name\": \"b\", \"image\": \"hello\", \"vcpus\": 2}]");
        var answer = await api.PutAsync(Path + "/start", $"[{{\"name\": \"a\"}}, {{\"uuid\": \"{Absent}\"}}, {{\"name\": \"b\"}}, {{}}]");
        Assert.Equal((HttpStatusCode.OK, "partial_success"), (answer.Status, answer.Envelope));
        var items = answer.Items("instances");
        Assert.Equal(["success", "error", "success", "error"], items.Select(item => item.Text("status")!));
        Answer.AssertFailed(items[1], 8, $"No instance with uuid '{Absent}'");
        Assert.Equal(Absent, items[1].Text("uuid"));
        Answer.AssertFailed(items[3], 13, "Neither 'uuid' nor 'name' is given.");
        Assert.Equal(2, api.Node.Engine.Started.Count);
    }

    [Theory]
    [InlineData("PUT", "/start", "Unknown member 'colour'")]
    [InlineData("PUT", "/stop", "Unknown member 'colour'")]
    [InlineData("PUT", "/suspend", "Unknown member 'colour'")]
    [InlineData("DELETE", "", "Unknown member 'colour'")]
    [InlineData("GET", "/wait", "Unknown member 'colour'")]
    [InlineData("GET", "/log", "Unknown member 'colour'")]
    [InlineData("GET", "", "Unknown member 'colour'")]
    public async Task A_list_with_a_malformed_item_does_nothing_at_all(string method, string operation, string message)
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("{\"name\": \"a\", \"image\": \"hello\"}");
        (await api.SendAsync(new HttpMethod(method), Path + operation, "[{\"name\": \"a\"}, {\"name\": \"a\", \"colour\": 1}]")).Failure(HttpStatusCode.BadRequest, message);
        Assert.Empty(api.Node.Engine.Started);
        Assert.Equal(InstanceState.Stopped, Assert.Single(api.Node.Instances.List()).State);
    }

    [Theory]
    [InlineData("PUT", "/start")]
    [InlineData("PUT", "/stop")]
    [InlineData("PUT", "/suspend")]
    [InlineData("DELETE", "")]
    [InlineData("GET", "/wait")]
    [InlineData("GET", "/log")]
    public async Task An_operation_on_nobody_is_400_and_on_who_is_not_there_code_8(string method, string operation)
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("{\"name\": \"a\", \"image\": \"hello\"}");
        (await api.SendAsync(new HttpMethod(method), Path + operation)).Failure(HttpStatusCode.BadRequest, "The request names no resource.");
        (await api.SendAsync(new HttpMethod(method), $"{Path}/{Absent}{operation}")).ItemFailure("instances", 8, $"No instance with uuid '{Absent}'");
        (await api.SendAsync(new HttpMethod(method), $"{Path}/nonsense{operation}")).ItemFailure("instances", 7, "Invalid uuid 'nonsense'");
        Assert.Single(api.Node.Instances.List());
    }

    [Fact]
    public async Task Two_bodies_for_one_path_are_400()
    {
        await using var api = await TestApi.StartAsync();
        (await api.PutAsync($"{Path}/{Absent}/start", "[{}, {}]")).Failure(HttpStatusCode.BadRequest, "A request for one resource takes one object.");
    }

    [Fact]
    public async Task Another_resource_in_the_body_than_in_the_path_is_400()
    {
        await using var api = await TestApi.StartAsync();
        (await api.PutAsync($"{Path}/{Absent}/start", "{\"uuid\": \"00000000-0000-4000-8000-000000000000\"}"))
            .Failure(HttpStatusCode.BadRequest, "The path and the body name different resources.");
    }
}
