using Wisp.Api.Tests.Support;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;

namespace Wisp.Api.Tests.Fuzz;

/// <summary>A server of its own with a few things in it, which is asked one request after the other.</summary>
internal sealed class FuzzSession : IAsyncDisposable
{
    // An hour of the node's clock each; whoever waits for longer is about to be given up.
    private const int Patience = 200;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    private readonly WatchedStore _store;
    private readonly FurnishedApi _furnished;
    private readonly TestApi _api;
    private IReadOnlyDictionary<string, string> _wanted = new Dictionary<string, string>(StringComparer.Ordinal);
    // What was asked last, and what came of it: what goes wrong may be an earlier one's.
    private readonly Queue<string> _asked = new();
    private int _seen = -1;

    private FuzzSession(WatchedStore store, FurnishedApi furnished) => (_store, _furnished, _api) = (store, furnished, furnished.Api);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<FuzzSession> StartAsync()
    {
        var store = await WatchedStore.OpenAsync(Cancel);
        return new FuzzSession(store, await FurnishedApi.StartAsync(store));
    }

    /// <summary>How many requests wrote something.</summary>
    public int Changes { get; private set; }

    /// <summary>How many were refused as a whole or item by item.</summary>
    public int Refusals { get; private set; }

    /// <summary>Sends one and checks whatever holds for every answer.</summary>
    public async Task SendAsync(FuzzRequest request)
    {
        try
        {
            using var message = request.ToMessage(_furnished);
            await CheckAsync(message);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new InvalidOperationException(
                $"{request.Method} {request.Target} {request.Body} as {request.ContentType}: {exception.Message}\nBefore it: {string.Join("\n  ", _asked)}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _furnished.DisposeAsync();
        await _store.DisposeAsync();
    }

    private async Task CheckAsync(HttpRequestMessage message)
    {
        if (_store.Commits != _seen)
        {
            (_seen, _wanted) = (_store.Commits, await _store.WantedAsync());
        }

        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var answering = AnswerAsync(message, gone.Token);
        var moved = false;
        for (var waited = 0; await Task.WhenAny(answering, Task.Delay(Moment, Cancel)) != answering; waited++)
        {
            // A wait may be for what never comes: then the client goes away, and that does no harm either.
            var mayWait = message.RequestUri!.AbsolutePath.Contains("wait", StringComparison.Ordinal);
            if (waited > (mayWait ? 1 : Patience))
            {
                Assert.True(mayWait, "there is no answer");
                await gone.CancelAsync();
                await answering.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                await SettleAsync(moved);
                return;
            }

            // Whoever waits for a time has it pass; then what is due by itself happens as well.
            moved = true;
            for (var minute = 0; minute < 60 && !answering.IsCompleted; minute++)
            {
                _api.Node.Time.Advance(TimeSpan.FromMinutes(1));
                await Task.Yield();
            }
        }

        var refused = await answering;
        _asked.Enqueue($"{message.Method} {message.RequestUri} {(moved ? "time " : "")}{(refused ? "refused" : "done")}");
        if (_asked.Count > 8)
        {
            _asked.Dequeue();
        }

        Refusals += refused ? 1 : 0;
        Changes += !refused && _store.Commits != _seen ? 1 : 0;
        if (moved || (!refused && message.Method == HttpMethod.Post))
        {
            await SettleAsync(moved);
        }

        if (refused && !moved && _store.Commits != _seen)
        {
            var now = await _store.WantedAsync();
            var changed = _wanted.Except(now).Concat(now.Except(_wanted)).Select(pair => $"{pair.Key} {pair.Value}").ToArray();
            Assert.True(changed.Length == 0, "it was refused and changed something: " + string.Join(" -> ", changed));
        }
    }

    // What goes on after an answer must not be taken for what a later request did.
    private async Task SettleAsync(bool moved)
    {
        await _api.Node.UntilAsync(() => _api.Node.Frozen.List(FrozenKind.Checkpoint).All(checkpoint => checkpoint.State != InstanceState.Starting));
        for (var seen = -1; moved && seen != _store.Commits;)
        {
            seen = _store.Commits;
            await Task.Delay(Moment, Cancel);
        }
    }

    // True when nothing of it was done.
    private async Task<bool> AnswerAsync(HttpRequestMessage message, CancellationToken cancellation)
    {
        using var response = await _api.Client.SendAsync(message, cancellation);
        // The one operation that answers in text, where JSON is not asked for.
        if (response.Content.Headers.ContentType?.MediaType == "text/plain")
        {
            Assert.EndsWith("metrics", message.RequestUri!.AbsolutePath.TrimEnd('/'), StringComparison.Ordinal);
            return true;
        }

        if (message.RequestUri!.AbsolutePath.EndsWith("/openapi/v1.json", StringComparison.Ordinal) && response.IsSuccessStatusCode)
        {
            return true;
        }

        var answer = await Answer.ReadAsync(response, cancellation);
        EnvelopeRules.Check(answer);
        return answer.Envelope == "error";
    }
}
