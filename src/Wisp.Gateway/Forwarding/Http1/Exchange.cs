using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace Wisp.Gateway.Forwarding.Http1;

/// <summary>
/// One request and its answer on one connection, at the same time. It is over when the answer has ended, or either side has gone:
/// what is left of the body then is not sent.
/// </summary>
internal sealed class Exchange : IDisposable
{
    private static readonly TimeSpan ContinuePatience = TimeSpan.FromSeconds(1);
    private static readonly StreamPipeReaderOptions Reading = new(bufferSize: 64 * 1024, minimumReadSize: 4 * 1024, useZeroByteReads: true);

    private readonly NetworkStream _connection;
    private readonly PipeReader _input;
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource<bool> _bodyWanted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Exchange(Socket socket)
    {
        _connection = new NetworkStream(socket, ownsSocket: true);
        _input = PipeReader.Create(_connection, Reading);
    }

    /// <summary>Sends a request and returns its answer as soon as the head of it is there.</summary>
    public static async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpContent body, CancellationToken cancellation)
    {
        var head = RequestHead.Write(request, body);
        var exchange = new Exchange(await ConnectAsync(request.RequestUri!, cancellation));
        try
        {
            // Not awaited: it reports its own failures, by ending the connection, and ends with it.
            _ = exchange.SendAsync(head, body, expectsContinue: request.Headers.ExpectContinue is true);
            return await exchange.ReceiveAsync(request, cancellation);
        }
        catch (Exception exception)
        {
            exchange.Dispose();
            if (exception is IOException or ObjectDisposedException)
            {
                throw new HttpRequestException(HttpRequestError.InvalidResponse, exception.Message, exception);
            }

            throw;
        }
    }

    /// <summary>Ends the connection. Only for who reads the answer, and does not read any more.</summary>
    public void Dispose()
    {
        End();
        _input.Complete();
    }

    private static async Task<Socket> ConnectAsync(Uri to, CancellationToken cancellation)
    {
        try
        {
            return await GuestSocket.ConnectAsync(new IPEndPoint(IPAddress.Parse(to.DnsSafeHost), to.Port), cancellation);
        }
        catch (SocketException exception)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, exception.Message, exception);
        }
    }

    private void End()
    {
        _over.Cancel();
        _connection.Dispose();
    }

    private async Task SendAsync(ReadOnlyMemory<byte> head, HttpContent body, bool expectsContinue)
    {
        await using var output = new RequestStream(_connection, body.Headers.ContentLength);
        try
        {
            await output.WriteHeadAsync(head, _over.Token);
            if (!expectsContinue || await IsBodyWantedAsync())
            {
                await body.CopyToAsync(output, _over.Token);
                await output.WriteEndAsync(_over.Token);
            }
        }
        catch (Exception) when (output.IsRefused)
        {
            // The guest has stopped listening; it may have said why, and that is still read.
        }
        catch (Exception)
        {
            // The client has not sent it all, or the exchange is over: half a body must not be taken for a whole one.
            End();
        }
    }

    private async Task<bool> IsBodyWantedAsync()
    {
        try
        {
            return await _bodyWanted.Task.WaitAsync(ContinuePatience, _over.Token);
        }
        catch (TimeoutException)
        {
            // Not every server knows to ask (RFC 9110 section 10.1.1).
            return true;
        }
    }

    private async Task<HttpResponseMessage> ReceiveAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        while (true)
        {
            var response = await ResponseHead.ReadAsync(_input, cancellation);
            var status = (int)response.StatusCode;
            if (status >= 200)
            {
                _bodyWanted.TrySetResult(status < 300);
                response.RequestMessage = request;
                ResponseStream.Attach(response, _input, this);
                return response;
            }

            // What else is informational is passed over, as by the pool.
            switch (response.StatusCode)
            {
                case HttpStatusCode.Continue:
                    _bodyWanted.TrySetResult(true);
                    break;
                case HttpStatusCode.SwitchingProtocols:
                    throw Lines.Invalid("another protocol that nobody asked for");
            }
        }
    }
}
