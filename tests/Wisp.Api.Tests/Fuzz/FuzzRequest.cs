using System.Net.Http.Headers;
using System.Text;
using Wisp.Api.Tests.Support;

namespace Wisp.Api.Tests.Fuzz;

/// <summary>A request as it is generated. <c>@web</c> stands for the uuid of what is called so.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Body">The body; null is none.</param>
/// <param name="Bytes">Bytes of the body that become others, by position.</param>
/// <param name="Cut">How much of the body is sent, in 1/1000.</param>
/// <param name="ContentType">What the body is said to be; null says nothing.</param>
/// <param name="Chunked">Sends it without its length.</param>
/// <param name="Accept">What is asked for.</param>
internal sealed record FuzzRequest(string Method, string Target, string? Body, (int Position, byte Value)[] Bytes, int Cut, string? ContentType, bool Chunked, string Accept)
{
    /// <summary>The request with uuids in it.</summary>
    public HttpRequestMessage ToMessage(FurnishedApi furnished)
    {
        // As written: a Uri would tidy the path.
        var uri = new Uri(furnished.Api.Endpoint.GetLeftPart(UriPartial.Authority) + furnished.Fill(Target), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var message = new HttpRequestMessage(new HttpMethod(Method), uri);
        message.Headers.Accept.ParseAdd(Accept);
        if (Body is { } body)
        {
            var bytes = Encoding.UTF8.GetBytes(furnished.Fill(body));
            foreach (var (position, value) in bytes.Length == 0 ? [] : Bytes)
            {
                bytes[position % bytes.Length] = value;
            }

            message.Content = new ByteArrayContent(bytes, 0, bytes.Length * Cut / 1000);
            message.Content.Headers.ContentType = ContentType is null ? null : MediaTypeHeaderValue.Parse(ContentType);
            message.Headers.TransferEncodingChunked = Chunked ? true : null;
        }

        return message;
    }
}
