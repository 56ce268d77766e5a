using System.Net;
using Wisp.Bench.Measuring;

namespace Wisp.Bench.Node;

/// <summary>An instance under measurement.</summary>
/// <param name="Uuid">Which one.</param>
/// <param name="Gateway">Where the gateway publishes it.</param>
/// <param name="Direct">The server's own address, past the gateway.</param>
/// <param name="VmmPid">The process that is its machine.</param>
internal sealed record BenchInstance(string Uuid, IPEndPoint Gateway, IPEndPoint Direct, int VmmPid)
{
    /// <summary>
    /// A request on a new connection through the gateway, from before the connect to the first byte, and what the gateway says of a wake;
    /// null when it failed.
    /// </summary>
    public async Task<(TimeSpan Time, ServerTiming? Timing)?> TimeAsync(CancellationToken cancellation)
    {
        var from = TimeProvider.System.GetTimestamp();
        return (await HttpProbe.GetOnceAsync(Gateway, cancellation)).Failed(out _, out var answer)
            ? null
            : (TimeProvider.System.GetElapsedTime(from, answer.FirstByteAt), answer.Timing);
    }

    /// <summary>A request past the gateway that is not timed.</summary>
    /// <returns>The body of the answer, without white space around it.</returns>
    public async Task<Result<string>> AskAsync(HttpMethod method, string path, string body, CancellationToken cancellation)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri($"http://{Direct}{path}"));
        request.Content = body.Length > 0 ? new StringContent(body) : null;
        using var answer = await client.SendAsync(request, cancellation);
        var text = (await answer.Content.ReadAsStringAsync(cancellation)).Trim();
        return answer.IsSuccessStatusCode ? text : new WispError(ErrorCode.OperationFailed, $"{method} {path}: {text}");
    }
}
