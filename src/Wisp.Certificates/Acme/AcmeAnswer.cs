using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Wisp.Certificates.Acme.Wire;

namespace Wisp.Certificates.Acme;

/// <summary>What an authority answered, whole.</summary>
internal sealed record AcmeAnswer(byte[] Body, Uri? Location, TimeSpan? RetryAfter, AcmeProblem? Problem)
{
    /// <summary>Reads an answer.</summary>
    public static async Task<AcmeAnswer> OfAsync(HttpResponseMessage response, TimeProvider time, CancellationToken cancellation)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        var problem = response.IsSuccessStatusCode ? null
            : response.Content.Headers.ContentType?.MediaType == "application/problem+json" ? JsonSerializer.Deserialize(body, AcmeJson.Default.AcmeProblem)
            : null;
        return new AcmeAnswer(
            body, response.Headers.Location, Wait(response.Headers.RetryAfter, time),
            response.IsSuccessStatusCode ? null : problem ?? new AcmeProblem(null, $"it answered {(int)response.StatusCode}", null));
    }

    /// <summary>What it says, or why it cannot be read.</summary>
    public Result<T> Read<T>(JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Body, type) is { } read ? read : Unreadable("it is empty");
        }
        catch (JsonException exception)
        {
            return Unreadable(exception.Message);
        }
    }

    private static WispError Unreadable(string why) =>
        new(ErrorCode.OperationFailed, $"An answer of the certificate authority cannot be read: {why.TrimEnd('.')}.", "Look at what is given as '--acme'.");

    private static TimeSpan? Wait(RetryConditionHeaderValue? header, TimeProvider time) =>
        (header?.Delta ?? (header?.Date - time.GetUtcNow())) is { } wait ? (wait > TimeSpan.Zero ? wait : TimeSpan.Zero) : null;
}
