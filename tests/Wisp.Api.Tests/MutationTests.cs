using System.Net;
using System.Text;
using CsCheck;
using Wisp.Api.Tests.Support;
using Wisp.Contracts.Operations;

namespace Wisp.Api.Tests;

/// <summary>Whatever is sent, the answer is JSON in an envelope, and never a failure of the server's own.</summary>
public sealed class MutationTests
{
    private const int Requests = 4000;

    private static readonly string[] Values =
    [
        "null", "true", "-1", "0", "1", "80", "1e999", "9223372036854775807", "-9223372036854775808", "0.5", "\"\"", "\"web\"", "\"hello\"", "\"on\"", "\"running\"",
        "\"7f0c1d3e-0000-4000-8000-000000000000\"", "\"\\u0000\"", "\"\\ud800\"", "\"" + new string('x', 300) + "\"", "[]", "{}", "[null]", "[\"http\"]", "{\"name\":\"web\"}",
        "[{\"port\":80,\"handlers\":[\"http\"]}]", "{\"services\":[{\"port\":5432}]}", "{\"policy\":\"on\",\"cooldown_time_ms\":1}",
    ];

    private static readonly string[] Members =
    [
        "uuid", "name", "image", "url", "args", "env", "memory_mb", "vcpus", "autostart", "replicas", "restart_policy", "scale_to_zero", "policy", "cooldown_time_ms",
        "features", "tags", "hostname", "service_group", "services", "port", "destination_port", "handlers", "ip", "domains", "soft_limit", "hard_limit", "state", "timeout_s",
        "template", "checkpoint", "branch_from", "create_args", "prepare", "prepare_timeout_s", "autokill", "time_ms", "from", "prop", "op", "value", "id", "cold", "schedules", "when", "action",
        "wait_timeout_ms", "drain_timeout_ms", "force", "ifstate", "offset", "limit", "details", "annotations", "chain", "pkey", "min_size", "policies", "size_mb", "volumes", "unknown", "",
    ];

    private static readonly string[] Seeds =
    [
        "{\"name\":\"web\",\"image\":\"hello\",\"autostart\":true,\"memory_mb\":128,\"service_group\":{\"services\":[{\"port\":80,\"handlers\":[\"http\"]}]},\"scale_to_zero\":{\"policy\":\"on\"}}",
        "[{\"name\":\"web\",\"drain_timeout_ms\":0,\"force\":false}]",
        "{\"name\":\"edge\",\"services\":[{\"port\":80,\"destination_port\":8080,\"handlers\":[\"http\"]}],\"domains\":[{\"name\":\"a\"}]}",
        "[{\"name\":\"web\"},{\"uuid\":\"7f0c1d3e-0000-4000-8000-000000000000\"}]",
        "{\"timeout_s\":0,\"state\":\"running\"}",
        "[{\"from\":{\"name\":\"web\"},\"name\":\"before\",\"timeout_s\":1,\"tags\":[\"a\"],\"autokill\":{\"time_ms\":1}}]",
        "[{\"name\":\"web\",\"timeout_s\":1,\"autokill\":{\"time_ms\":60000}}]",
        "[{\"name\":\"web\",\"prop\":\"delete_lock\",\"op\":\"set\",\"value\":false},{\"name\":\"web\",\"prop\":\"tags\",\"op\":\"add\",\"value\":[\"a\"]}]",
        "{\"template\":{\"create_args\":{\"image\":\"hello\",\"template\":null},\"prepare\":false,\"prepare_timeout_s\":1},\"autostart\":true}",
        "{\"image\":\"hello\",\"schedules\":[{\"name\":\"on\",\"when\":\"Mon..Fri *-*~1 8:0/15:00 Europe/Berlin\",\"action\":\"start\",\"args\":[]}]}",
        "[{\"name\":\"web\",\"prop\":\"schedules\",\"op\":\"set\",\"value\":[{\"name\":\"on\",\"when\":\"@99999999999\",\"action\":\"stop\"}]}]",
        "{\"checkpoint\":{\"name\":\"before\"},\"autostart\":true}",
        "{\"branch_from\":{\"name\":\"web\"},\"autostart\":true}",
        "[{\"name\":\"web\",\"prop\":\"env\",\"op\":\"add\",\"value\":{\"A\":\"1\"}},{\"name\":\"web\",\"prop\":\"scale_to_zero\",\"op\":\"set\",\"value\":{\"policy\":\"on\"}}]",
        "[{\"name\":\"edge\",\"prop\":\"services\",\"op\":\"set\",\"value\":[{\"port\":8081,\"ip\":\"127.0.0.1\"}]},{\"name\":\"edge\",\"prop\":\"domains\",\"op\":\"del\",\"value\":\"a\"}]",
        "{\"url\":\"hello\",\"timeout_s\":-1,\"pull_policy\":\"never\"}",
        "{\"name\":\"data\",\"attach_to\":{\"name\":\"web\"},\"at\":\"/data\",\"readonly\":true}",
    ];

    private static readonly Gen<string> Path = Gen.OneOf(
        Gen.OneOf(
            "/v1/instances", "/v1/instances/start", "/v1/instances/stop", "/v1/instances/suspend", "/v1/instances/wait", "/v1/instances/log", "/v1/services", "/v1/images",
            "/v1/instances/templates", "/v1/instances/templates/create", "/v1/instances/checkpoints", "/v1/instances/history", "/v1/instances/checkpoints/history",
            "/v1/instances/templates/7f0c1d3e-0000-4000-8000-000000000000", "/v1/instances/checkpoints/7f0c1d3e-0000-4000-8000-000000000000", "/v1/snapshots", "/v1/snapshots/gc",
            "/v1/snapshots/7f0c1d3e-0000-4000-8000-000000000000", "/v1/healthz", "/v1/instances/web", "/v1/instances/7f0c1d3e-0000-4000-8000-000000000000/log", "/v1/services/7f0c1d3e-0000-4000-8000-000000000000", "/v1/nothing"),
        Gen.OneOf(
        [
            .. OperationCatalogue.All.Select(operation => "/v1" + operation.Path
                .Replace("{uuid}", "7f0c1d3e-0000-4000-8000-000000000000", StringComparison.Ordinal).Replace("{name}", "web", StringComparison.Ordinal).Replace("{cloudprovider}", "manual", StringComparison.Ordinal)),
        ]),
        Gen.Select(Gen.OneOf("/v1/instances", "/v1/services"), Gen.String[Gen.Char.AlphaNumeric, 0, 40], (stem, leaf) => $"{stem}/{leaf}"));

    private static readonly Gen<string> Query = Gen.Select(
        Gen.OneOf("uuid", "name", "state", "timeout_s", "timeout_ms", "offset", "limit", "count", "from", "order", "details", "tags", "digest"),
        Gen.OneOf(Gen.OneOf("", "web", "0", "-1", "99999999999999999999", "true", "desc", "2026-01-01", ",,", "%00", "%ff", "%F0%9F%98%80"), Gen.String[Gen.Char.AlphaNumeric, 0, 20]),
        (name, value) => $"{name}={value}").Array[0, 3].Select(pairs => pairs.Length == 0 ? "" : "?" + string.Join('&', pairs));

    // An object of known members with any values, or a good body with some bytes exchanged.
    private static readonly Gen<byte[]> Body = Gen.OneOf(
        Gen.Select(Gen.OneOf(Members), Gen.OneOf(Values), (name, value) => $"\"{name}\":{value}").Array[0, 5]
            .Select(members => Encoding.UTF8.GetBytes($"{{{string.Join(',', members)}}}")),
        Gen.Select(Gen.OneOf(Seeds), Gen.Select(Gen.Int[0, 1000], Gen.Byte, (position, value) => (position, value)).Array[0, 4], (seed, changes) =>
        {
            var bytes = Encoding.UTF8.GetBytes(seed);
            foreach (var (position, value) in changes)
            {
                bytes[position % bytes.Length] = value;
            }

            return bytes;
        }),
        Gen.Select(Gen.OneOf(Seeds), Gen.Int[0, 1000], (seed, end) => Encoding.UTF8.GetBytes(seed)[..(end % (seed.Length + 1))]),
        Gen.Byte.Array[0, 64]);

    private static readonly Gen<(string Method, string Path, string Query, byte[]? Body)> Request = Gen.Select(
        Gen.OneOf("GET", "POST", "PUT", "DELETE", "PATCH"), Path, Query, Body.Null());

    [Fact]
    public async Task Whatever_is_sent_the_answer_is_an_envelope_and_never_500()
    {
        await using var api = await TestApi.StartAsync();
        await Request.SampleAsync(
            async (method, path, query, body) =>
            {
                // A wait may be for what never comes: then the client goes away, and that does no harm either.
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
                var answering = api.SendAsync(new HttpMethod(method), path + query, body, patience.Token);
                for (var step = 0; !answering.IsCompleted; step++)
                {
                    api.Node.Time.Advance(TimeSpan.FromMinutes(1));
                    await Task.Yield();
                    if (step > 20_000)
                    {
                        await patience.CancelAsync();
                        return;
                    }
                }

                var answer = await answering;
                Assert.True(answer.Status < HttpStatusCode.InternalServerError, answer.Body.GetRawText());
            },
            iter: Requests, threads: 1);
        (await api.GetAsync("/v1/instances")).Success();
    }
}
