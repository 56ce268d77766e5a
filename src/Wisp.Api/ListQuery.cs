using System.Globalization;
using Microsoft.AspNetCore.Http;
using Wisp.Api.Http;
using Wisp.Api.Reading;

namespace Wisp.Api;

/// <summary>Paging, order and filter of list endpoints (platform API, "Lists").</summary>
internal sealed record ListQuery(bool Details, int Count, string? From, bool Descending, IReadOnlyList<string> Tags)
{
    public static ListQuery Read(HttpContext context)
    {
        var count = Query.Integers(context, "count") is [.., var last] ? last : 0;
        var order = context.Request.Query["order"].ToString();
        var sort = context.Request.Query["sortby"].ToString();
        return (order, sort) switch
        {
            (not ("" or "asc" or "desc"), _) => throw RequestFailure.Invalid($"'order' must be asc or desc, not '{order}'."),
            (_, not ("" or "create_time")) => throw RequestFailure.Invalid($"'sortby' must be create_time, not '{sort}'."),
            _ when count is < 0 or > int.MaxValue => throw RequestFailure.Invalid("Value of 'count' must be in the range 0 to 2147483647"),
            _ => new ListQuery(
                Query.Boolean(context, "details", otherwise: true), (int)count,
                context.Request.Query["from"] is [{ Length: > 0 } from, ..] ? from : null, order == "desc", Query.List(context, "tags")),
        };
    }

    /// <summary>The page: after the uuid, or from the time on.</summary>
    public IReadOnlyList<T> Apply<T>(IEnumerable<T> items, Func<T, Guid> uuid, Func<T, DateTimeOffset> created, Func<T, IReadOnlyList<string>> tags)
    {
        var ordered = Descending ? items.Reverse() : items;
        if (From is { } from)
        {
            if (Guid.TryParse(from, out var cursor))
            {
                ordered = ordered.SkipWhile(item => uuid(item) != cursor).Skip(1);
            }
            else if (DateTimeOffset.TryParse(from, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                ordered = ordered.Where(item => Descending ? created(item) <= time : created(item) >= time);
            }
            else
            {
                throw RequestFailure.Invalid($"'from' must be a uuid or a time, not '{from}'.");
            }
        }

        var matching = Tags.Count == 0 ? ordered : ordered.Where(item => Tags.All(tag => tags(item).Contains(tag, StringComparer.Ordinal)));
        return [.. Count > 0 ? matching.Take(Count) : matching];
    }
}
