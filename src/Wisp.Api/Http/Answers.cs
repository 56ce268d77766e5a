using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Wisp.Contracts;

namespace Wisp.Api.Http;

/// <summary>Writes answers: always an envelope, always JSON.</summary>
internal static class Answers
{
    private const string StartKey = "wisp.start";

    /// <summary>Notes when the request came.</summary>
    public static void Begin(HttpContext context) => context.Items[StartKey] = Stopwatch.GetTimestamp();

    /// <summary>A list of items; its status follows from theirs.</summary>
    public static Task ItemsAsync<TItem, TData>(
        HttpContext context, IReadOnlyList<TItem> items, Func<IReadOnlyList<TItem>, TData> wrap, JsonTypeInfo<Envelope<TData>> type)
        where TItem : Item
    {
        var failed = items.Count(item => item.Status == ResponseStatus.Error);
        var envelope = new Envelope<TData>
        {
            Status = failed == 0 ? ResponseStatus.Success : failed == items.Count ? ResponseStatus.Error : ResponseStatus.PartialSuccess,
            Message = failed == 0 ? null : failed == items.Count ? "Failed to perform all operations" : "Failed to perform some operations",
            Data = wrap(items),
            OpTimeUs = Elapsed(context),
        };
        return WriteAsync(context, StatusCodes.Status200OK, envelope, type);
    }

    /// <summary>An object.</summary>
    public static Task ObjectAsync<TData>(HttpContext context, TData data, JsonTypeInfo<Envelope<TData>> type) =>
        WriteAsync(context, StatusCodes.Status200OK, new Envelope<TData> { Status = ResponseStatus.Success, Data = data, OpTimeUs = Elapsed(context) }, type);

    /// <summary>A failure of the whole request.</summary>
    public static Task FailureAsync(HttpContext context, int status, WispError error) => WriteAsync(
        context, status,
        new Envelope<JsonElement?>
        {
            Status = ResponseStatus.Error,
            Message = Text(error),
            Errors = [new ResponseError(status)],
            OpTimeUs = Elapsed(context),
        },
        WireJson.Default.EnvelopeNullableJsonElement);

    /// <summary>An error as the wire shows it: the words that clients match on, then what to do.</summary>
    public static string Text(WispError error) =>
        error.NextStep is null ? error.Message : $"{error.Message}{(error.Message.EndsWith('.') ? "" : ".")} {error.NextStep}";

    private static long Elapsed(HttpContext context) =>
        context.Items[StartKey] is long start ? (long)Stopwatch.GetElapsedTime(start).TotalMicroseconds : 0;

    private static Task WriteAsync<T>(HttpContext context, int status, Envelope<T> envelope, JsonTypeInfo<Envelope<T>> type)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(context.Response.Body, envelope, type, CancellationToken.None);
    }
}
