using System.Net;
using System.Text.Json;
using Wisp.Api.Tests.Support;

namespace Wisp.Api.Tests;

/// <summary>The rule for names, kind by kind, and the ways to name what there is (platform API, "Identifiers, naming, refs").</summary>
public sealed class NamingTests
{
    private const string Absent = "7f0c1d3e-0000-4000-8000-000000000000";

    private static readonly (string Path, string Key, string Body)[] Kinds =
    [
        ("/v1/instances", "instances", "\"image\":\"hello\""),
        ("/v1/services", "service_groups", "\"services\":[{\"port\":9000,\"ip\":\"127.0.0.1\"}]"),
        ("/v1/instances/checkpoints", "instances", "\"from\":{\"name\":\"idle\"},\"timeout_s\":60"),
    ];

    [Theory]
    [InlineData("")]
    [InlineData("a-")]
    [InlineData("a.")]
    [InlineData("-a")]
    [InlineData(".a")]
    [InlineData("a--b")]
    [InlineData("a..b")]
    [InlineData("käse")]
    [InlineData("名前")]
    [InlineData("😀")]
    [InlineData("a\u0000b")]
    [InlineData("a\nb")]
    [InlineData("a\u007f")]
    [InlineData(" a")]
    [InlineData("../a")]
    public async Task A_name_that_breaks_the_rule_is_refused_and_nothing_is_made(string name)
    {
        await using var furnished = await FurnishedApi.StartAsync();
        foreach (var (path, key, body) in Kinds)
        {
            var before = (await furnished.SendAsync("GET", path, null)).Items(key).Length;
            var answer = await furnished.SendAsync("POST", path, $"{{\"name\":{JsonSerializer.Serialize(name)},{body}}}");
            answer.ItemFailure(key, 7, $"Invalid name '{name}'");
            Assert.Equal(before, (await furnished.SendAsync("GET", path, null)).Items(key).Length);
        }
    }

    [Fact]
    public async Task No_ASCII_punctuation_goes_into_a_name_but_what_goes_between_words()
    {
        await using var furnished = await FurnishedApi.StartAsync();
        foreach (var character in Enumerable.Range(33, 94).Select(code => (char)code).Where(character => !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '.')))
        {
            foreach (var (path, key, body) in Kinds)
            {
                (await furnished.SendAsync("POST", path, $"{{\"name\":{JsonSerializer.Serialize($"a{character}b")},{body}}}")).ItemFailure(key, 7, $"Invalid name 'a{character}b'");
            }
        }
    }

    [Fact]
    public async Task A_name_has_63_characters_at_most()
    {
        await using var furnished = await FurnishedApi.StartAsync();
        foreach (var (path, key, body) in Kinds)
        {
            (await furnished.SendAsync("POST", path, $"{{\"name\":\"{new string('a', 63)}\",{body}}}")).Success();
            (await furnished.SendAsync("POST", path, $"{{\"name\":\"{new string('a', 64)}\",{body}}}")).ItemFailure(key, 22, "Invalid name 'aaa");
        }
    }

    [Theory]
    [InlineData("9Lives.B-c", "9lives.b-c")]
    [InlineData("A", "a")]
    [InlineData("0", "0")]
    public async Task Upper_case_is_lowered_and_digits_may_come_first(string given, string kept)
    {
        await using var furnished = await FurnishedApi.StartAsync();
        foreach (var (path, key, body) in Kinds)
        {
            (await furnished.SendAsync("POST", path, $"{{\"name\":\"{given}\",{body}}}")).Success();
            Assert.Equal(kept, (await furnished.SendAsync("GET", $"{path}?name={kept}", null)).Success().Items(key).Single().Text("name"));
            Assert.Equal(kept, (await furnished.SendAsync("GET", $"{path}?name={given}", null)).Success().Items(key).Single().Text("name"));
            (await furnished.SendAsync("POST", path, $"{{\"name\":\"{kept}\",{body}}}")).ItemFailure(key, 23, "A");
        }
    }

    [Theory]
    [InlineData("PUT", "/v1/instances/start", "")]
    [InlineData("PUT", "/v1/instances/stop", "")]
    [InlineData("DELETE", "/v1/instances", "")]
    [InlineData("PATCH", "/v1/instances", ",\"prop\":\"tags\",\"op\":\"del\"")]
    [InlineData("POST", "/v1/instances/templates", "")]
    [InlineData("DELETE", "/v1/services", "")]
    public async Task Both_a_name_and_a_uuid_or_neither_is_refused(string method, string path, string more)
    {
        await using var furnished = await FurnishedApi.StartAsync();
        var key = path.Contains("services", StringComparison.Ordinal) ? "service_groups" : "instances";
        (await furnished.SendAsync(method, path, $$"""[{"uuid":"@web","name":"web"{{more}}}]""")).ItemFailure(key, 17, "Give 'uuid' or 'name', not both.");
        (await furnished.SendAsync(method, path, $$"""[{{{more.TrimStart(',')}}}]""")).ItemFailure(key, 13, "Neither 'uuid' nor 'name' is given.");
        (await furnished.SendAsync(method, path, $$"""[{"uuid":"web"{{more}}}]""")).ItemFailure(key, 7, "Invalid uuid 'web'");
        (await furnished.SendAsync(method, path, null)).Failure(HttpStatusCode.BadRequest, method == "POST" ? "The request has no body." : "The request names no resource.");
        Assert.Contains(Absent, (await furnished.SendAsync(method, path, $$"""[{"uuid":"{{Absent}}"{{more}}}]""")).ItemFailure(key, 8, "No ").Text("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"template\":{\"name\":\"mould\"},\"image\":\"hello\"", 17)]
    [InlineData("\"checkpoint\":{\"name\":\"before\"},\"template\":{\"name\":\"mould\"}", 17)]
    [InlineData("\"branch_from\":{\"name\":\"web\"},\"image\":\"hello\"", 17)]
    [InlineData("\"memory_mb\":128", null)]
    [InlineData("\"template\":{\"name\":\"mould\",\"uuid\":\"@mould\"}", 17)]
    [InlineData("\"template\":{}", 13)]
    [InlineData("\"image\":\"hello\",\"service_group\":{\"name\":\"edge\",\"uuid\":\"@edge\"}", 17)]
    [InlineData("\"image\":\"hello\",\"service_group\":{\"name\":\"edge\",\"services\":[{\"port\":1}]}", 17)]
    [InlineData("\"image\":\"hello\",\"service_group\":{}", 13)]
    public async Task An_instance_is_made_of_one_thing_and_joins_one_group(string members, int? code)
    {
        await using var furnished = await FurnishedApi.StartAsync();
        var answer = await furnished.SendAsync("POST", "/v1/instances", $"{{{members}}}");
        Assert.Equal("error", answer.Envelope);
        if (code is { } expected)
        {
            Assert.Equal(expected, answer.Items("instances").Single().Number("error"));
        }
    }
}
