namespace Wisp.Gateway.Observing;

/// <summary>The body of an instance's answer, or what comes after it has switched protocols, as it is streamed and counted.</summary>
internal sealed class CountedContent(HttpContent inner, ServiceTraffic traffic, AccessEntry? entry) : PassingContent(inner)
{
    protected override Stream Pass(Stream body) => new CountedStream(body, traffic, entry, isClients: false);
}
