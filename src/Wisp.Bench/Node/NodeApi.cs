using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Wisp.Contracts;
using Wisp.Contracts.Instances;
using Wisp.Layout;

namespace Wisp.Bench.Node;

/// <summary>The calls of the API that measuring needs.</summary>
internal sealed partial class NodeApi : IDisposable
{
    private const int WaitSeconds = 120;

    private readonly HttpClient _client;

    /// <summary>A client of a daemon.</summary>
    public NodeApi(DaemonRecord daemon)
    {
        _client = new HttpClient { BaseAddress = new Uri(daemon.Endpoint), Timeout = TimeSpan.FromSeconds(WaitSeconds + 10) };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(daemon.TokenFile).Trim());
    }

    /// <summary>Creates and starts an instance.</summary>
    /// <param name="plan">What.</param>
    /// <param name="wait">True returns once it runs, or with the reason why it does not; false once its machine is begun.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    public async Task<Result<Instance>> CreateAsync(InstancePlan plan, bool wait, CancellationToken cancellation) =>
        Only(await SendAsync(HttpMethod.Post, "/v1/instances", plan.ToJson(wait ? WaitSeconds : 0), WireJson.Default.EnvelopeInstancesData, cancellation), data => data.Instances);

    /// <summary>Waits for a state.</summary>
    public async Task<Result> WaitAsync(string uuid, string state, CancellationToken cancellation)
    {
        var waited = Only(
            await SendAsync(HttpMethod.Get, $"/v1/instances/{uuid}/wait?state={state}&timeout_s={WaitSeconds}", null, WireJson.Default.EnvelopeTransitionsData, cancellation),
            data => data.Instances);
        return waited.Failed(out var error, out _) ? error : Result.Success;
    }

    /// <summary>Stops and deletes an instance.</summary>
    public async Task<Result> DeleteAsync(string uuid, CancellationToken cancellation)
    {
        var deleted = Only(
            await SendAsync(HttpMethod.Delete, $"/v1/instances/{uuid}", null, WireJson.Default.EnvelopeTransitionsData, cancellation), data => data.Instances);
        return deleted.Failed(out var error, out _) ? error : Result.Success;
    }

    public void Dispose() => _client.Dispose();

    private async Task<Envelope<T>> SendAsync<T>(
        HttpMethod method, string path, JsonNode? body, JsonTypeInfo<Envelope<T>> type, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body.ToJsonString(), MediaTypeHeaderValue.Parse("application/json"));
        using var response = await _client.SendAsync(request, cancellation);
        return (await response.Content.ReadFromJsonAsync(type, cancellation))!;
    }

    private static Result<TItem> Only<TData, TItem>(Envelope<TData> answer, Func<TData, IReadOnlyList<TItem>> list)
        where TItem : Item
    {
        if (answer.Data is not { } data || list(data) is not [var item])
        {
            return new WispError(ErrorCode.OperationFailed, answer.Message ?? "wispd gave no answer.");
        }

        return item.Error is { } code ? new WispError((ErrorCode)code, item.Message ?? "wispd refused.") : item;
    }
}
