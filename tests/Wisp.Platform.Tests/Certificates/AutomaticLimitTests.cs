using Wisp.Platform.Certificates;
using Wisp.Platform.Services;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Certificates;

/// <summary>For whom certificates are ordered, how many there may be, and how many at once.</summary>
public sealed class AutomaticLimitTests : AutomaticCertificateScene
{
    [Fact]
    public async Task It_is_ordered_only_for_domains_and_users_that_the_administrator_names()
    {
        _node.Configure = options => options with { AutomaticSuffixes = [new("open.example.com", null), new("example.org", "Acme")] };
        await _node.RestartAsync();
        var acme = await AccountAsync("acme");
        ServiceHandler[] https = [ServiceHandler.Http | ServiceHandler.Tls];
        await PublishAsync("one", "open.example.com.", "a.open.example.com.");
        await PublishAsync("two", ["shop.example.org."], https[0], 443, acme);
        await _node.UntilAsync(() => All.Concat(acme.Certificates.List()).Count(one => one.State == CertificateState.Valid) == 3);
        foreach (var (rooms, domain) in ((AccountRooms, string)[])[(_node.Rooms, "shop2.example.org"), (acme, "closed.example.com"), (acme, "xopen.example.com"), (_node.Rooms, "example.com")])
        {
            var request = new CreateServiceGroup { Name = "more", Services = [new ServicePort(443, 8080, https[0])], Domains = [new ServiceDomain(domain + ".")] };
            Assert.Equal(
                (ErrorCode.CannotAddService, $"This node gets no certificate for '{domain}': it is under none of the domains that it does that for."),
                ((await rooms.Services.CreateAsync(request, Cancel)).Error?.Code, (await rooms.Services.CreateAsync(request, Cancel)).Error?.Message));
            Assert.Equal(
                ErrorCode.CannotAddService,
                (await rooms.Services.ChangeAsync(ResourceRef.To(rooms == acme ? "two" : "one"), new ServiceGroupChange.AddDomains([new ServiceDomain(domain + ".")]), Cancel)).Error?.Code);
        }

        // Where no certificate is needed, or one is named, it is nobody's affair.
        await PublishAsync("plain", ["closed.example.com."], ServiceHandler.Http, 80);
        var own = TestCertificate.Make(_node.Time.GetUtcNow(), "named.example.com");
        var chosen = (await _node.Rooms.Certificates.CreateAsync(new CreateCertificate("mine", "named.example.com", own.Chain, own.Key), Cancel)).Value;
        Assert.True((await _node.Rooms.Services.ChangeAsync(
            ResourceRef.To("one"), new ServiceGroupChange.AddDomains([new ServiceDomain("named.example.com.", ResourceRef.To(chosen.Uuid))]), Cancel)).IsSuccess);
        Assert.Equal(3, _issuer.Asked.Count);
    }

    [Fact]
    public async Task What_the_administrator_names_no_more_loses_its_certificate_and_stays_as_it_is_else()
    {
        await PublishAsync("web", Host + ".");
        await _node.UntilAsync(() => All is [{ State: CertificateState.Valid }]);
        _node.Configure = options => options with { AutomaticSuffixes = [] };
        await _node.RestartAsync();
        await _node.UntilAsync(() => All.Count == 0);
        Assert.True((await _node.Services.ChangeAsync(ResourceRef.To("web"), new ServiceGroupChange.SetSoftLimit(2), Cancel)).IsSuccess);
        Assert.Equal(Host, Assert.Single(_node.Services.Find(ResourceRef.To("web")).Value.Domains).Fqdn);
    }

    [Fact]
    public async Task Few_orders_are_under_way_at_once_one_for_an_account_and_one_for_a_host()
    {
        _issuer.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var accounts = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => AccountAsync("account" + number)));
        for (var number = 0; number < accounts.Length; number++)
        {
            await PublishAsync("web", [$"one{number}.example.com.", $"two{number}.example.com."], ServiceHandler.Http | ServiceHandler.Tls, 443, accounts[number]);
        }

        await _node.UntilAsync(() => _issuer.UnderWay == 4);
        Assert.Equal(4, _issuer.Asked.Select(host => host[3]).Distinct().Count());
        _issuer.Gate.SetResult();
        await _node.UntilAsync(() => accounts.All(rooms => rooms.Certificates.List() is [{ State: CertificateState.Valid }, { State: CertificateState.Valid }]));
        Assert.Equal((4, 12), (_issuer.MostUnderWay, _issuer.Asked.Distinct(StringComparer.Ordinal).Count()));
        Assert.Equal(12, _issuer.Asked.Count);
    }

    [Fact]
    public async Task An_account_has_one_order_at_a_time()
    {
        await PublishAsync("web", [.. Enumerable.Range(0, 10).Select(number => $"host{number}.example.com.")]);
        await _node.UntilAsync(() => All.Count == 10 && All.All(one => one.State == CertificateState.Valid));
        Assert.Equal((1, 10), (_issuer.MostUnderWay, _issuer.Asked.Count));
    }

    [Fact]
    public async Task An_account_has_fifty_at_most_and_then_costs_nothing_until_there_is_a_place()
    {
        _issuer.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await PublishAsync("first", "first.example.com.");
        await _node.UntilAsync(() => All.Count == 1);
        await PublishAsync("web", [.. Enumerable.Range(0, AutomaticCertificates.Most).Select(number => $"host{number}.example.com.")]);
        await _node.UntilAsync(() => All.Count == AutomaticCertificates.Most);
        var without = Enumerable.Range(0, AutomaticCertificates.Most).Select(number => $"host{number}.example.com").Except(All.Select(one => one.CommonName)).Single();
        // Another account has its own.
        await PublishAsync("web", [Host + "."], ServiceHandler.Http | ServiceHandler.Tls, 443, await AccountAsync("other"));
        await _node.UntilAsync(() => _issuer.Asked.Contains(Host));
        Assert.Equal(AutomaticCertificates.Most, All.Count);
        // It is told whenever groups are gone through, which 50 orders that end are no reason for.
        string[] Told() => [.. _log.Lines.Where(line => line.Contains("the most there may be", StringComparison.Ordinal))];
        var told = Told();
        Assert.All(told, line => Assert.Contains(without, line, StringComparison.Ordinal));
        _issuer.Gate.SetResult();
        await _node.UntilAsync(() => All.All(one => one.State == CertificateState.Valid));
        Assert.Equal(told, Told());
        Assert.NotEmpty(told);
        Assert.True((await _node.Services.DeleteAsync(ResourceRef.To("first"), Cancel)).IsSuccess);
        await _node.UntilAsync(() => All.Any(one => one.CommonName == without));
        Assert.Equal(AutomaticCertificates.Most, All.Count);
    }
}
