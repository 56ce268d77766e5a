using Wisp.Platform.Accounts;
using Wisp.Platform.Certificates;
using Wisp.Platform.Services;
using Wisp.Platform.Tests.Schedules;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Certificates;

/// <summary>A node that gets certificates by itself, from an authority that does as it is told.</summary>
public abstract class AutomaticCertificateScene : IAsyncLifetime
{
    private protected const string Host = "shop.example.com";
    private protected readonly TestNode _node = new();
    private protected readonly HeardLines _log = new();
    private protected readonly FakeIssuer _issuer;

    private protected AutomaticCertificateScene()
    {
        _node.Loggers = _log;
        _node.Issuer = _issuer = new FakeIssuer(_node.Time);
    }

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;
    private protected IReadOnlyList<CertificateView> All => _node.Rooms.Certificates.List();
    private protected CertificateView Only => Assert.Single(All);

    public async ValueTask InitializeAsync() => await _node.RestartAsync();

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    // The clock set, and then a look at everything: a service that comes gets one, and by then all have been looked at.
    private protected async Task LookAsync(DateTimeOffset at)
    {
        _node.Time.SetUtcNow(at);
        var host = $"look{_issuer.Asked.Count}.example.com";
        await PublishAsync($"look{_issuer.Asked.Count}", host + ".");
        await _node.UntilAsync(() => All.Any(one => one.CommonName == host && one.State == CertificateState.Valid));
    }

    private protected async Task<AccountRooms> AccountAsync(string name)
    {
        Assert.True((await _node.Platform.Accounts.CreateAsync(Caller.Owner, name, AccountLimits.None, Cancel)).IsSuccess);
        var token = (await _node.Platform.Accounts.CreateTokenAsync(Caller.Owner, new CreateToken(ResourceRef.To(name), Role.Write, null, null), Cancel)).Value;
        return _node.Platform.For(_node.Platform.Accounts.Authenticate(token.Secret).Value);
    }

    private protected Task PublishAsync(string name, params string[] domains) => PublishAsync(name, domains, ServiceHandler.Http | ServiceHandler.Tls, 443);

    private protected async Task PublishAsync(string name, string[] domains, ServiceHandler handlers, int port, AccountRooms? rooms = null)
    {
        var made = await (rooms ?? _node.Rooms).Services.CreateAsync(
            new CreateServiceGroup { Name = name, Services = [new ServicePort(port, 8080, handlers)], Domains = [.. domains.Select(domain => new ServiceDomain(domain))] }, Cancel);
        Assert.Null(made.Error);
    }
}
