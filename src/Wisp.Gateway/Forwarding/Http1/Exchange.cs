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
    private readonly CancellationTokenSource _answered = new();

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
            return await exchange.SendAsync(request, head, body, cancellation);
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

    /// <summary>Leaves off sending, because the answer is whole.</summary>
    public void StopSending() => _answered.Cancel();

    /// <summary>Ends the connection. Only for who reads the answer, and does not read any more.</summary>
    public void Dispose()
    {
        _connection.Dispose();
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

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, ReadOnlyMemory<byte> head, HttpContent body, CancellationToken cancellation)
    {
        await _connection.WriteAsync(head, cancellation);
        var answer = ResponseHead.ReadAsync(_input, cancellation).AsTask();
        if (request.Headers.ExpectContinue is true)
        {
            // Not every server knows to ask for the body (RFC 9110 section 10.1.1).
            await Task.WhenAny(answer, Task.Delay(ContinuePatience, cancellation));
        }

        if (!answer.IsCompleted || (await answer).StatusCode < HttpStatusCode.Ambiguous)
        {
            // Not awaited: it reports its failures by ending the connection, and ends with it. It has begun when this returns, so
            // that who has the request knows whether the body is still being read.
            _ = SendBodyAsync(request, body);
        }

        while ((await answer).StatusCode < HttpStatusCode.OK)
        {
            if ((await answer).StatusCode == HttpStatusCode.SwitchingProtocols)
            {
                throw Lines.Invalid("another protocol that nobody asked for");
            }

            answer = ResponseHead.ReadAsync(_input, cancellation).AsTask();
        }

        var response = await answer;
        response.RequestMessage = request;
        ResponseStream.Attach(response, _input, this);
        return response;
    }

    private async Task SendBodyAsync(HttpRequestMessage request, HttpContent body)
    {
        await using var output = new RequestStream(_connection, body.Headers.ContentLength);
        try
        {
            await body.CopyToAsync(output, _answered.Token);
            await output.WriteEndAsync(request, _answered.Token);
        }
        catch (Exception) when (output.IsRefused)
        {
            // The guest has stopped listening; it may have said why, and that is still read.
        }
        catch (Exception)
        {
            // The client has not sent it all, or nobody waits for it: half a body must not be taken for a whole one.
            await _connection.DisposeAsync();
        }
    }
}
