using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Wisp.Integration.Tests.Support;

/// <summary>Sends numbered datagrams to a port of loopback, and knows which were answered.</summary>
internal sealed class DatagramClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly HashSet<int> _unanswered = [];
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _hearing;
    private bool _isLast;
    private int _next;

    public DatagramClient(int port)
    {
        _socket.Connect(IPAddress.Loopback, port);
        _hearing = HearAsync();
    }

    /// <summary>Sends until it hears something: an application that is being started may not wait yet.</summary>
    public async Task UntilHeardAsync(CancellationToken cancellation)
    {
        while (!_heard.Task.IsCompleted)
        {
            await _socket.SendAsync("hello"u8.ToArray(), cancellation);
            await Task.WhenAny(_heard.Task, Task.Delay(500, cancellation));
        }
    }

    /// <summary>Sends one after another, whether or not they are answered.</summary>
    public async Task SendAsync(TimeSpan pause, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            lock (_unanswered)
            {
                _unanswered.Add(_next);
            }

            await _socket.SendAsync(Encoding.ASCII.GetBytes($"n {_next++}"), CancellationToken.None);
            await Task.Delay(pause, CancellationToken.None);
        }
    }

    /// <summary>Which were not answered, once all are or a minute has gone by.</summary>
    public async Task<int[]> LostAsync(CancellationToken cancellation)
    {
        lock (_unanswered)
        {
            _isLast = true;
            LookWhetherAll();
        }

        await Task.WhenAny(_all.Task, _hearing, Task.Delay(Patience, cancellation));
        lock (_unanswered)
        {
            return [.. _unanswered.Order()];
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _socket.Dispose();
        _end.Dispose();
    }

    private async Task HearAsync()
    {
        var buffer = new byte[256];
        while (true)
        {
            // "COUNT:n NUMBER"
            var words = Encoding.ASCII.GetString(buffer, 0, await _socket.ReceiveAsync(buffer, _end.Token)).Split(' ');
            _heard.TrySetResult();
            if (words is [_, var number])
            {
                lock (_unanswered)
                {
                    _unanswered.Remove(int.Parse(number, CultureInfo.InvariantCulture));
                    LookWhetherAll();
                }
            }
        }
    }

    private void LookWhetherAll()
    {
        if (_isLast && _unanswered.Count == 0)
        {
            _all.TrySetResult();
        }
    }
}
