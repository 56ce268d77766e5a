using CsCheck;
using Wisp.Contracts.Operations;

namespace Wisp.Api.Tests.Fuzz;

/// <summary>What is put into members: what fits, what nearly does, and what does not.</summary>
internal static class FuzzValues
{
    /// <summary>What there is, and what there is not.</summary>
    public static readonly string[] Names = ["web", "idle", "locked", "edge", "spare", "mould", "before", "absent"];

    private static readonly Gen<string> Name = Gen.OneOf(Names);
    private static readonly Gen<string> Uuid = Gen.OneOf(Name.Select(name => "@" + name), Gen.OneOf("7f0c1d3e-0000-4000-8000-000000000000", "web", ""));

    /// <summary>JSON that belongs nowhere in particular.</summary>
    public static readonly Gen<string> Junk = Gen.OneOf(
        Gen.OneOf(
            "null", "true", "false", "-1", "0", "1", "0.5", "1e3", "1e999", "-1e999", "9223372036854775807", "-9223372036854775808", "123456789012345678901234567890",
            "\"\"", "\" \"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"käse\"", "\"../../etc/passwd\"", "\"a\\nb\"", "\"-\"", "\"a--b\"", "\"a.\"",
            "[]", "{}", "[null]", "[[]]", "[{}]", "{\"\":null}", "{\"a\":{\"b\":[1,{\"c\":\"d\"}]}}", "nul", "", "\"", "{", "]", "01", "+1", "'a'", "NaN"),
        Gen.Int[0, 2000].Select(length => "\"" + new string('x', length) + "\""),
        Gen.Int[0, 200].Select(depth => new string('[', depth) + new string(']', depth)),
        Gen.Int[0, 200].Select(depth => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth)),
        Gen.String[Gen.Char, 0, 20].Select(text => System.Text.Json.Nodes.JsonValue.Create(text)!.ToJsonString()),
        Gen.Long.Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Gen.Double.Select(number => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>A member with its value, such as <c>"name":"web"</c>.</summary>
    public static Gen<string> Of(Member member, int depth) =>
        Gen.Frequency((9, Fitting(member, depth)), (1, Junk)).Select(value => $"\"{member.Name}\":{value}");

    /// <summary>An object of a shape: what it needs, mostly, and some of the rest.</summary>
    public static Gen<string> Object(Shape shape, int depth)
    {
        var needed = shape.Members.Where(member => member.Required).ToArray();
        var some = Gen.OneOf([.. shape.Members.Select(member => Of(member, depth))]).Array[0, 3];
        var all = needed.Aggregate(some, (rest, member) => Gen.Select(rest, Of(member, depth), Gen.Int[0, 19], (members, own, left) => left == 0 ? members : [own, .. members]));
        var stranger = Gen.Frequency((19, Gen.Const(default(string))), (1, Gen.Select(Gen.OneOf("unknown", "", "Name", "uuid", "name", "a\\u0000"), Junk, (name, value) => (string?)$"\"{name}\":{value}")));
        return Gen.Select(all, stranger, (members, other) => $"{{{string.Join(',', other is null ? members : [.. members, other])}}}");
    }

    // Those that are found by name have several types in the catalogue, so the name comes first.
    private static Gen<string> Fitting(Member member, int depth) => (member.Name, member.Type) switch
    {
        (_, MemberType.Text) when member.OneOf.Count > 0 => Gen.OneOf([.. member.OneOf]).Select(Quoted),
        ("uuid", _) => Uuid.Select(Quoted),
        ("name", _) => Gen.OneOf(Name, Gen.String[Gen.Char.AlphaNumeric, 0, 70]).Select(Quoted),
        ("image" or "url", _) => Gen.OneOf("\"hello\"", "\"hello:latest\"", "\"mute\"", "\"absent\"", "{\"url\":\"hello\"}", "{\"url\":\"hello\",\"pull_policy\":\"always\"}"),
        ("value", _) => Value,
        ("when", _) => Gen.OneOf("\"daily\"", "\"Mon..Fri 8:00 Europe/Berlin\"", "\"@99999999999\"", "\"*-*~1 8:0/15:00\"", "\"never\""),
        ("ifstate", _) => Gen.OneOf("\"running\"", "\"stopped\"", "\"asleep\""),
        ("create_args", _) => Gen.OneOf("{\"image\":\"hello\"}", "{\"image\":\"absent\"}", "{\"template\":{\"name\":\"mould\"}}"),
        ("timeout_s" or "wait_timeout_ms" or "prepare_timeout_s" or "drain_timeout_ms", _) => Gen.OneOf("0", "1", "-1"),
        ("memory_mb", _) => Gen.OneOf("15", "64", "128", "4096", "4097"),
        ("vcpus", _) => Gen.OneOf("0", "1", "32", "33"),
        ("replicas", _) => Gen.OneOf("0", "1", "256"),
        ("port" or "destination_port", _) => Gen.OneOf("0", "80", "443", "8080", "65535", "65536"),
        ("handlers", _) => Gen.OneOf("[]", "[\"http\"]", "[\"http\",\"tls\"]", "[\"tls\"]", "[\"redirect\",\"http\"]"),
        ("features", _) => Gen.OneOf("[]", "[\"delete-on-stop\"]", "[\"scale-to-zero\"]", "[\"fly\"]"),
        (_, MemberType.Text) => Gen.OneOf(Name, Gen.String[Gen.Char.AlphaNumeric, 0, 20]).Select(Quoted),
        (_, MemberType.Integer) => Gen.OneOf(Gen.Int[-1, 100].Select(number => $"{number}"), Gen.OneOf("60000", "31536000000")),
        (_, MemberType.Boolean) => Gen.OneOf("true", "false"),
        (_, MemberType.Texts) => Gen.OneOf(Gen.Const("[]"), Name.Select(Quoted).Array[1, 3].Select(texts => $"[{string.Join(',', texts)}]")),
        (_, MemberType.Map) => Gen.OneOf("{}", "{\"A\":\"1\"}", "{\"A\":\"1\",\"B\":\"2\"}", "{\"a=b\":\"\"}", "{\"\":\"\"}"),
        (_, MemberType.Object or MemberType.TextOrObject) when depth > 0 => Object(member.Of!, depth - 1),
        (_, MemberType.Objects) when depth > 0 => Object(member.Of!, depth - 1).Array[0, 2].Select(objects => $"[{string.Join(',', objects)}]"),
        _ => Junk,
    };

    // What the properties of PATCH take.
    private static Gen<string> Value => Gen.OneOf(
        "true", "false", "\"a\"", "[\"a\",\"b\"]", "{\"A\":\"1\"}", "128", "2", "\"hello\"", "\"host\"", "{\"policy\":\"on\",\"cooldown_time_ms\":1000}", "{\"time_ms\":60000}",
        "[{\"name\":\"on\",\"when\":\"daily\",\"action\":\"start\"}]", "[{\"port\":8081,\"ip\":\"127.0.0.1\"}]", "[{\"name\":\"a\"}]", "\"always\"", "[8081]");

    private static string Quoted(string text) => $"\"{text}\"";
}
