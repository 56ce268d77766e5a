using CsCheck;
using Wisp.Api.Http;
using Wisp.Api.Tests.Catalogue;
using Wisp.Contracts.Operations;

namespace Wisp.Api.Tests.Fuzz;

/// <summary>Requests: those of the catalogue's operations with a little wrong in them or nothing, and those that belong to none.</summary>
internal static class FuzzRequests
{
    private static readonly Gen<string> Segment = Gen.Frequency(
        (8, Gen.OneOf([.. FuzzValues.Names.Select(name => "@" + name)])),
        (1, Gen.OneOf(FuzzValues.Names)),
        (2, Gen.OneOf("%00", "a%00b", "%2F", "%2e%2e", "..", ".", "%", "%zz", "%c3%28", "%ff", "%F0%9F%98%80", "a%20b", "~", "*", "{uuid}", "a;b", "%0d%0a", "%5c", "\\", "'", "\"", "|", new string('x', 3000))),
        (1, Gen.String[Gen.Char.AlphaNumeric, 1, 40]));

    private static readonly Gen<string> Pair = Gen.Select(
        Gen.OneOf("uuid", "name", "state", "timeout_s", "timeout_ms", "offset", "limit", "count", "from", "order", "sortby", "details", "tags", "digest", "tag", "namespace", "uuid[]", "unknown", "", "%00"),
        Gen.OneOf(
            Gen.OneOf("", "web", "@web", "@idle,@edge", "@web,absent", "0", "1", "-1", "5", "99999999999999999999", "true", "false", "1", "desc", "asc", "create_time", "running", "stopped", "2026-01-01", ",,", "%00", "%ff", "%", "+", "%F0%9F%98%80", "a=b=c", "hello:latest"),
            Gen.String[Gen.Char.AlphaNumeric, 0, 20]),
        (name, value) => value.Length == 0 && name.Length > 3 ? name : $"{name}={value}");

    private static readonly Gen<(int Position, byte Value)[]> NoBytes = Gen.Const(Array.Empty<(int, byte)>());

    private static readonly Gen<(int Position, byte Value)[]> Bytes = Gen.Frequency((8, NoBytes), (1, Gen.Select(Gen.Int[0, 2000], Gen.Byte).Array[1, 4]));

    private static readonly Gen<(string? Type, bool Chunked, string Accept)> Manners = Gen.Select(
        Gen.Frequency((9, Gen.Const<string?>("application/json")), (1, Gen.OneOf(default(string), "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=utf-16"))),
        Gen.Frequency((9, Gen.Const(false)), (1, Gen.Const(true))),
        Gen.Frequency((9, Gen.Const("application/json")), (1, Gen.OneOf("*/*", "text/html", "text/plain"))));

    private static readonly Gen<string> Method = Gen.Frequency((15, Gen.OneOf("GET", "POST", "PUT", "PATCH", "DELETE")), (1, Gen.OneOf("OPTIONS", "TRACE", "PROPFIND", "get", "X")));

    private static readonly Gen<FuzzRequest> Stray = Gen.Select(
        Method,
        Gen.Select(Gen.OneOf("/v1", "/V1", "/v2", "", "/v1/instances", "/controlplane/v1", "/openapi"), Segment.Array[0, 4], (stem, segments) => $"{stem}/{string.Join('/', segments)}"),
        Query(Pair.Array[0, 3]), Gen.OneOf(Gen.Const(default(string)), FuzzValues.Junk), Manners,
        (method, path, query, body, manners) => new FuzzRequest(method, path + query, body, [], 1000, manners.Type, manners.Chunked, manners.Accept));

    private static readonly (string Property, string Value)[] Properties =
    [
        ("tags", "[\"a\",\"b\"]"), ("delete_lock", "true"), ("delete_lock", "false"), ("autokill", "{\"time_ms\":86400000}"), ("env", "{\"A\":\"1\"}"), ("annotations", "{\"b\":\"2\"}"),
        ("memory_mb", "256"), ("vcpus", "2"), ("hostname", "\"host\""), ("args", "[\"/hello\"]"), ("image", "\"hello\""), ("restart_policy", "\"always\""),
        ("schedules", "[{\"name\":\"on\",\"when\":\"daily\",\"action\":\"start\"}]"), ("scale_to_zero", "{\"policy\":\"off\"}"),
        ("services", "[{\"port\":8081,\"ip\":\"127.0.0.1\"}]"), ("domains", "[{\"name\":\"a\"}]"), ("soft_limit", "2"), ("hard_limit", "9"),
    ];

    // What is carried out, but for a byte here and there.
    private static readonly Gen<FuzzRequest> Good = Gen.Select(
        Gen.OneOf([.. OperationCases.All.Values.Where(one => one.NoSuccess is null).Select(one => (one.Operation.Method, Asked: one.Success()))]), Bytes, Manners,
        (request, bytes, manners) => new FuzzRequest(request.Method, request.Asked.Path, request.Asked.Body, bytes, 1000, manners.Type, manners.Chunked, manners.Accept));

    private static readonly Gen<string> Change = Gen.Select(
        Gen.OneOf(FuzzValues.Names), Gen.OneOf(Properties), Gen.OneOf("set", "add", "del"),
        (name, property, operation) => $$"""{"name":"{{name}}","prop":"{{property.Property}}","op":"{{operation}}","value":{{property.Value}}}""");

    private static readonly Gen<FuzzRequest> Changes = Gen.Select(
        Gen.OneOf("/v1/instances", "/v1/instances", "/v1/services", "/v1/instances/templates", "/v1/instances/checkpoints"), Change.Array[1, 3], Bytes, Manners,
        (path, changes, bytes, manners) => new FuzzRequest("PATCH", path, $"[{string.Join(',', changes)}]", bytes, 1000, manners.Type, manners.Chunked, manners.Accept));

    /// <summary>All of them.</summary>
    public static Gen<FuzzRequest> All { get; } = Gen.Frequency((6, Gen.OneOf([.. OperationCatalogue.All.Select(Of)])), (2, Good), (2, Changes), (1, Stray));

    private static Gen<FuzzRequest> Of(Operation operation)
    {
        var spelling = Gen.OneOf([.. OperationRoutes.Spellings(operation)]);
        var path = Gen.Select(spelling, Segment, Segment, (spelled, first, second) => (
            spelled.Method,
            Path: spelled.Path.Replace("{uuid}", first, StringComparison.Ordinal).Replace("{name}", second, StringComparison.Ordinal).Replace("{cloudprovider}", second, StringComparison.Ordinal)));
        var method = Gen.Frequency((19, Gen.Const(default(string))), (1, Method.Select(string? (other) => other)));
        return Gen.Select(path, method, Query(Pair.Array[0, 3]), Body(operation), Bytes, Gen.Frequency((14, Gen.Const(1000)), (1, Gen.Int[0, 1000])), Manners, (at, other, query, body, bytes, cut, manners) =>
            new FuzzRequest(other ?? at.Method, at.Path + (body is null || query.Length < 12 ? query : ""), body, bytes, cut, manners.Type, manners.Chunked, manners.Accept));
    }

    private static Gen<string> Query(Gen<string[]> pairs) => pairs.Select(all => all.Length == 0 ? "" : "?" + string.Join('&', all));

    // Reads take what they are about in a body, too.
    private static Gen<string?> Body(Operation operation)
    {
        var shape = operation.Body ?? new Shape("Reference", OperationCatalogue.Find("startInstances").Body!.Members);
        var one = FuzzValues.Object(shape, 2);
        var several = one.Array[0, 3].Select(objects => $"[{string.Join(',', objects)}]");
        var filled = Gen.Frequency((5, one), (3, several), (1, FuzzValues.Junk)).Select(string? (text) => text);
        return Gen.Frequency((operation.Body is null ? 1 : 12, filled), (operation.Body is null ? 3 : 1, Gen.Const(default(string))));
    }
}
