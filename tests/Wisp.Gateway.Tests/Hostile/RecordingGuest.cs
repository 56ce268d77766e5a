using System.Collections.Concurrent;
using System.Globalization;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests.Hostile;

/// <summary>A guest that writes down what reaches it, byte for byte, reads each request by the one length that it announces, and answers all alike.</summary>
internal sealed class RecordingGuest : IDisposable
{
    private readonly TcpApplication _listener = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly ConcurrentQueue<(string Head, string Body)> _requests = [];
    private readonly string? _first;
    private readonly bool _closesFirst;
    private int _answered;

    /// <param name="first">What it answers first, if something else than later.</param>
    /// <param name="closesFirst">Whether it then ends that connection.</param>
    public RecordingGuest(string? first = null, bool closesFirst = false)
    {
        (_first, _closesFirst) = (first, closesFirst);
        _ = AcceptAsync();
    }

    public int Port => _listener.Port;

    /// <summary>What has come, in order.</summary>
    public IReadOnlyList<(string Head, string Body)> Requests => [.. _requests];

    public void Dispose()
    {
        _ended.Cancel();
        _listener.Dispose();
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = ServeAsync(await _listener.AcceptAsync(_ended.Token));
        }
    }

    private async Task ServeAsync(RawClient connection)
    {
        using (connection)
        {
            while (true)
            {
                var head = await connection.ReadUntilAsync("\r\n\r\n");
                var lines = head.Split("\r\n");
                string? Value(string name) => lines.Where(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 2)..]).SingleOrDefault();
                var (length, coding) = (Value("Content-Length"), Value("Transfer-Encoding"));
                Assert.True(length is null || coding is null, head);
                Assert.True(coding is null or "chunked", head);
                var body = coding is not null ? await connection.ReadUntilAsync("0\r\n\r\n")
                    : length is not null ? await connection.ReadAsync(int.Parse(length, NumberStyles.None, CultureInfo.InvariantCulture)) : "";
                _requests.Enqueue((head, body));
                var isFirst = _first is not null && Interlocked.Exchange(ref _answered, 1) == 0;
                await connection.SendAsync(isFirst ? _first! : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                if (isFirst && _closesFirst)
                {
                    return;
                }
            }
        }
    }
}
