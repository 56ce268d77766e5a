using System.Text;

namespace Wisp.Cli.Tests.Support;

/// <summary>Answers as the server gives them.</summary>
internal static class Wire
{
    public const string Hello =
        """
        {"status":"success","uuid":"11111111-2222-3333-4444-555555555555","name":"hello","state":"standby","image":"hello@sha256:159beaef1d10f56c2b35dac1c15cba470fd4ba55a6a2c5869d4e5f7ac95a9afe","memory_mb":128,"vcpus":1,"private_ip":"10.105.0.2","env":{"A":"x y"},"restart_policy":"never","scale_to_zero":{"enabled":true,"policy":"on","stateful":true,"cooldown_time_ms":1000,"notify_time_ms":0},"service_group":{"uuid":"99999999-2222-3333-4444-555555555555","name":"web","domains":[{"fqdn":"web.localhost"}]},"unheard_of":7}
        """;

    public const string Web =
        """
        {"status":"success","uuid":"99999999-2222-3333-4444-555555555555","name":"web","persistent":true,"services":[{"port":8080,"destination_port":80,"protocol":"tcp","ip":"0.0.0.0","handlers":["http"]},{"port":5432,"destination_port":5432,"protocol":"tcp","ip":"::1","handlers":[]}],"instances":[{"uuid":"1","name":"hello"}]}
        """;

    public static string Absent(string name) => Failed(name, 8, $"No instance with name '{name}'. See them with 'wisp instances list'.");

    public static string Failed(string name, int code, string message) => $$"""{"status":"error","name":"{{name}}","error":{{code}},"message":"{{message}}"}""";

    public static string Moved(string name, string state) => $$"""{"status":"success","name":"{{name}}","state":"{{state}}","previous_state":"running"}""";

    public static string Instances(params IReadOnlyList<string> items) => List("instances", items);

    public static string Services(params IReadOnlyList<string> items) => List("service_groups", items);

    public static string Log(byte[] bytes, long start, long end, string state = "running") => Instances(
        $$"""{"status":"success","name":"hello","output":"{{Convert.ToBase64String(bytes)}}","available":{"start":0,"end":{{end}}},"range":{"start":{{start}},"end":{{start + bytes.Length}}},"state":"{{state}}"}""");

    public static string Log(string text, long start, long end, string state = "running") => Log(Encoding.UTF8.GetBytes(text), start, end, state);

    private static string List(string key, IReadOnlyList<string> items)
    {
        var failed = items.Count(item => item.Contains("\"status\":\"error\"", StringComparison.Ordinal));
        var status = failed == 0 ? "success" : failed == items.Count ? "error" : "partial_success";
        return $$"""{"status":"{{status}}","data":{"{{key}}":[{{string.Join(',', items)}}]},"op_time_us":1}""";
    }
}
