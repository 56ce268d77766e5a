using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Wisp.Api.Http;

namespace Wisp.Api.Reading;

/// <summary>Reads bodies in every shape that clients send: none, an empty one, an object, an array of objects.</summary>
internal static class RequestBody
{
    private const int MaxDepth = 32;

    /// <summary>The items of the body; empty when there is none.</summary>
    public static async Task<IReadOnlyList<JsonObjectReader>> ReadItemsAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
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
            return root.ValueKind switch
            {
                JsonValueKind.Array => [.. root.EnumerateArray().Select((item, index) => new JsonObjectReader(item, ""))],
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
}
