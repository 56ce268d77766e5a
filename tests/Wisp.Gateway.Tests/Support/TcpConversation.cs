namespace Wisp.Gateway.Tests.Support;

/// <summary>A TCP connection through a gateway, from a client to a guest that has accepted it.</summary>
internal sealed record TcpConversation(TcpApplication Application, TestGateway Gateway, RawClient Client, RawClient Guest) : IAsyncDisposable
{
    public static async Task<TcpConversation> BeginAsync()
    {
        var application = new TcpApplication();
        var gateway = await TestGateway.StartAsync(application.Port, RouteProtocol.Tcp);
        var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        return new TcpConversation(application, gateway, client, await application.AcceptAsync());
    }

    public void Deconstruct(out TestGateway gateway, out RawClient client, out RawClient guest) => (gateway, client, guest) = (Gateway, Client, Guest);

    public async ValueTask DisposeAsync()
    {
        Guest.Dispose();
        Client.Dispose();
        await Gateway.DisposeAsync();
        Application.Dispose();
    }
}
