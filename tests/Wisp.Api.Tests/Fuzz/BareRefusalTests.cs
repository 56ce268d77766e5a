using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Wisp.Api.Http;

namespace Wisp.Api.Tests.Fuzz;

public sealed class BareRefusalTests
{
    private const string Head = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\nDate: Thu, 26 Nov 2026 14:00:00 GMT\r\nServer: Kestrel\r\n\r\n";

    // A tunnel carries whatever a guest says.
    [Fact]
    public async Task What_goes_through_an_upgraded_connection_stays_as_it_is()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var writer = new BareRefusals(pipe.Writer);
        const string Switch = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n";
        writer.Write(Encoding.ASCII.GetBytes(Switch));
        writer.Write(Encoding.ASCII.GetBytes(Head));
        await writer.CompleteAsync();
        using var all = new MemoryStream();
        await pipe.Reader.CopyToAsync(all, TestContext.Current.CancellationToken);
        Assert.Equal(Switch + Head, Encoding.ASCII.GetString(all.ToArray()));
    }

    // How much room is left for a refusal depends on what has been answered before it on the same connection.
    [Fact]
    public async Task A_refusal_gets_its_envelope_whatever_stands_before_it()
    {
        for (var before = 1; before < 5000; before += 7)
        {
            var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
            var writer = new BareRefusals(pipe.Writer);
            writer.Write(new byte[before]);
            writer.Write(Encoding.ASCII.GetBytes(Head));
            await writer.CompleteAsync();

            using var all = new MemoryStream();
            await pipe.Reader.CopyToAsync(all, TestContext.Current.CancellationToken);
            var text = Encoding.UTF8.GetString(all.ToArray().AsSpan(before));
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            Assert.True(end > 0, text);
            var (head, body) = (text[..end], text[(end + 4)..]);
            Assert.EndsWith("Server: Kestrel", head, StringComparison.Ordinal);
            Assert.Contains($"\r\nContent-Length: {body.Length}\r\n", head, StringComparison.Ordinal);
            Assert.StartsWith("{\"status\":\"error\"", body, StringComparison.Ordinal);
        }
    }
}
