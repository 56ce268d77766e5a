using Wisp.Cli.Parsing;
using Wisp.Cli.Tests.Support;

namespace Wisp.Cli.Tests;

/// <summary>What goes over the wire for <c>wisp services autoscale</c>.</summary>
public sealed class AutoscaleTests
{
    private const string Uuid = "7f0c1d3e-0000-4000-8000-000000000000";
    private const string Answer = """{"status":"success","data":{"service_groups":[{"status":"success","uuid":"7f0c1d3e-0000-4000-8000-000000000000","name":"web","enabled":true}]},"op_time_us":1}""";
    private const string Policy = """{"status":"success","data":{"policies":[{"status":"success","name":"busy"}]},"op_time_us":1}""";

    [Fact]
    public async Task Set_says_what_was_typed_and_nothing_else()
    {
        await using var api = await CannedApi.StartAsync(Answer);
        var run = await api.RunAsync("services", "autoscale", "set", "web", "--template", "mould", "--max-size", "8", "--cooldown-time", "30s", "--high-watermark", "0.8");
        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            ("PUT", "/v1/services/autoscale", """[{"name":"web","max_size":8,"cooldown_time_ms":30000,"create_args":{"template":{"name":"mould"}},"high_watermark":0.8}]"""),
            (api.Requests.Single().Method, api.Requests.Single().Path, api.Requests.Single().Body));
    }

    [Fact]
    public async Task A_policy_is_added_below_its_group()
    {
        await using var api = await CannedApi.StartAsync(Answer, Policy);
        var run = await api.RunAsync("services", "autoscale", "policies", "add", "web", "busy", "--metric", "cpu", "--step", ":200/-1", "--step", "600:/2");
        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            ("POST", $"/v1/services/{Uuid}/autoscale/policies", """{"name":"busy","type":"step","metric":"cpu","steps":[{"adjustment":-1,"upper_bound":200},{"adjustment":2,"lower_bound":600}]}"""),
            (api.Requests[1].Method, api.Requests[1].Path, api.Requests[1].Body));
    }

    [Fact]
    public async Task Policies_are_removed_by_name()
    {
        await using var api = await CannedApi.StartAsync(Answer, Policy);
        await api.RunAsync("services", "autoscale", "policies", "rm", "web", "busy", "less");
        Assert.Equal(("DELETE", """[{"name":"busy"},{"name":"less"}]"""), (api.Requests[1].Method, api.Requests[1].Body));
    }

    [Theory]
    [InlineData("600/1")]
    [InlineData("600:800")]
    [InlineData("a:b/1")]
    [InlineData("1:2/3/4")]
    public void What_is_no_step_is_said_so(string text) => Assert.Equal(ErrorCode.InvalidValue, StepSpec.Parse(text).Error?.Code);
}
