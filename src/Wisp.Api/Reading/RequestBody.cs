using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Wisp.Api.Http;

namespace Wisp.Api.Reading;

/// <summary>Reads bodies in every shape that clients send: none, an empty one, an object, an array of objects.</summary>
internal static class RequestBody
{
    private const int MaxDepth = 32;

    /// <summary>The items of the body; empty when there is none.</summary>
    public static async Task<IReadOnlyList<JsonObjectReader>> ReadItemsAsync(HttpContext context)
    {
        // The server's own limit would cut off a client that is still sending, which then never sees the answer. Without it, what
        // is left is read and thrown away for a while after the answer.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        using var buffer = new MemoryStream();
        if (context.Request.ContentLength > ApiLimits.MaxBodyBytes || !await TryCopyAsync(context.Request.Body, buffer, context.RequestAborted))
        {
            throw new RequestFailure(
                StatusCodes.Status413PayloadTooLarge,
                new WispError(ErrorCode.TooLong, $"The request body is longer than {ApiLimits.MaxBodyBytes} bytes.", "Send less at once."));
        }

        if (buffer.Length == 0)
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), new JsonDocumentOptions { MaxDepth = MaxDepth });
            var root = document.RootElement.Clone();
            if (!IsUnicode(root))
            {
                throw RequestFailure.Malformed("The request body has a text that is not Unicode.", "Send it as UTF-8.");
            }

            if (Duplicate(root) is { } twice)
            {
                throw RequestFailure.Malformed($"Duplicate member '{twice}'", "Give each member once.");
            }

            return root.ValueKind switch
            {
                JsonValueKind.Array when root.GetArrayLength() > ApiLimits.MaxItems => throw RequestFailure.Of(
                    new WispError(ErrorCode.TooMany, $"At most {ApiLimits.MaxItems} items are allowed in one request, not {root.GetArrayLength()}.", "Send several requests.")),
                JsonValueKind.Array => [.. root.EnumerateArray().Select(item => new JsonObjectReader(item, ""))],
                JsonValueKind.Null => [],
                _ => [new JsonObjectReader(root, "")],
            };
        }
        catch (JsonException exception)
        {
            throw RequestFailure.Malformed(
                $"The request body is not JSON: line {(exception.LineNumber ?? 0) + 1}, byte {exception.BytePositionInLine ?? 0}.", "Send a complete JSON object or array.");
        }
    }

    private static async Task<bool> TryCopyAsync(Stream body, MemoryStream buffer, CancellationToken cancellation)
    {
        var piece = new byte[16 * 1024];
        for (int read; (read = await body.ReadAsync(piece, cancellation)) > 0;)
        {
            if (buffer.Length + read > ApiLimits.MaxBodyBytes)
            {
                return false;
            }

            buffer.Write(piece, 0, read);
        }

        return true;
    }

    // Half a surrogate pair and broken UTF-8 are JSON by its grammar; whoever reads such a text gets an exception.
    private static bool IsUnicode(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.String => element.GetString() is not null,
                JsonValueKind.Array => element.EnumerateArray().All(IsUnicode),
                JsonValueKind.Object => element.EnumerateObject().All(member => member.Name is not null && IsUnicode(member.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    // The parser can refuse them too, but does not say which.
    private static string? Duplicate(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().Select(Duplicate).FirstOrDefault(name => name is not null),
        JsonValueKind.Object => element.EnumerateObject().CountBy(member => member.Name, StringComparer.Ordinal).FirstOrDefault(name => name.Value > 1).Key
            ?? element.EnumerateObject().Select(member => Duplicate(member.Value)).FirstOrDefault(name => name is not null),
        _ => null,
    };
}
