using Wisp.Platform.Accounts;
using Wisp.Platform.Certificates;
using Wisp.Platform.Services;
using Wisp.Platform.Tests.Schedules;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Certificates;

/// <summary>Certificates that the node gets by itself.</summary>
public sealed class AutomaticCertificateTests : IAsyncLifetime
{
    private const string Host = "shop.example.com";
    private readonly TestNode _node = new();
    private readonly HeardLines _log = new();
    private readonly FakeIssuer _issuer;

    public AutomaticCertificateTests()
    {
        _node.Loggers = _log;
        _node.Issuer = _issuer = new FakeIssuer(_node.Time);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
    private IReadOnlyList<CertificateView> All => _node.Rooms.Certificates.List();
    private CertificateView Only => Assert.Single(All);

    public async ValueTask InitializeAsync() => await _node.RestartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_domain_that_names_none_gets_one_and_its_route_presents_it()
    {
        _issuer.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await PublishAsync("web", Host + ".", "web");
        await _node.UntilAsync(() => All.Count == 1);
        Assert.Equal((CertificateState.Pending, 0), (Only.State, Only.Validation!.Value.Attempt));
        Assert.StartsWith(Host + "-", Only.Name, StringComparison.Ordinal);
        Assert.Null(Only.Subject);
        _issuer.Gate.SetResult();
        await _node.UntilAsync(() => Only.State == CertificateState.Valid);
        Assert.Null(Only.Validation);
        // The node's own domain keeps its own authority.
        Assert.Equal([Host], _issuer.Asked);
        var shown = Assert.Single(_node.Gateway.Routes.Values).Certificates;
        Assert.Equal((Only.Uuid, null), (shown[Host], shown["web.localhost"]));
        Assert.True(_node.Certificates.Get(Only.Uuid)!.Covers(Host));
        Assert.Equal("web", Assert.Single(Only.ServiceGroups).Name);
    }

    [Fact]
    public async Task What_is_refused_is_shown_with_its_reason_and_tried_again_less_and_less_often()
    {
        _issuer.Refused[Host] = null;
        await PublishAsync("web", Host + ".");
        foreach (var (attempt, minutes) in ((int, int)[])[(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 60), (8, 60)])
        {
            await _node.UntilAsync(() => All is [{ Validation: { } going }] && going.Attempt == attempt);
            var validation = Only.Validation!.Value;
            Assert.Equal((attempt, $"'{Host}' leads nowhere."), (validation.Attempt, validation.Reason));
            Assert.InRange((validation.Next - _node.Time.GetUtcNow()).TotalSeconds, (minutes * 60) - 1, minutes * 60);
            Assert.Equal(CertificateState.Pending, Only.State);
            _node.Time.Advance(TimeSpan.FromMinutes(minutes));
            // A timer that was set just as the clock moved counts from there.
            await _node.AdvanceUntilAsync(() => _issuer.Asked.Count > attempt, TimeSpan.FromMilliseconds(100));
        }
    }

    [Fact]
    public async Task An_authority_that_wants_not_to_be_asked_is_not_and_others_go_on()
    {
        _issuer.Refused[Host] = TimeSpan.FromHours(5);
        await PublishAsync("web", Host + ".", "other.example.com.");
        await _node.UntilAsync(() => All.Any(one => one.State == CertificateState.Valid) && All.Any(one => one.Validation is { Attempt: 1 }));
        Assert.Equal(_node.Time.GetUtcNow().AddHours(5), All.Single(one => one.CommonName == Host).Validation!.Value.Next);
    }

    [Fact]
    public async Task It_is_renewed_with_a_third_of_its_life_left_and_what_fails_then_leaves_it_valid()
    {
        await PublishAsync("web", Host + ".");
        await _node.UntilAsync(() => All is [{ State: CertificateState.Valid }]);
        var first = Only;
        var renewal = IssueTimes.Renewal(first.Uuid, first.NotBefore!.Value, first.NotAfter!.Value);
        Assert.InRange((first.NotAfter!.Value - renewal).TotalDays, 30, 34.5);
        _issuer.Refused[Host] = null;
        await LookAsync(renewal.AddMinutes(-1));
        Assert.DoesNotContain(Host, _issuer.Asked.Skip(1));
        await LookAsync(renewal);
        await _node.UntilAsync(() => All.Single(one => one.Uuid == first.Uuid).Validation is { Attempt: 1 });
        var failing = All.Single(one => one.Uuid == first.Uuid);
        Assert.Equal((CertificateState.Valid, first.SerialNumber), (failing.State, failing.SerialNumber));
        _issuer.Refused.Clear();
        await LookAsync(failing.Validation!.Value.Next);
        await _node.UntilAsync(() => All.Single(one => one.Uuid == first.Uuid).SerialNumber != first.SerialNumber);
        Assert.Null(All.Single(one => one.Uuid == first.Uuid).Validation);
    }

    [Fact]
    public async Task One_that_is_due_as_soon_as_it_is_issued_is_not_asked_for_again_within_an_hour()
    {
        _issuer.Age = TimeSpan.FromDays(80);
        await PublishAsync("web", Host + ".");
        await _node.UntilAsync(() => All is [{ State: CertificateState.Valid }]);
        var issued = _node.Time.GetUtcNow();
        _issuer.Age = TimeSpan.Zero;
        await LookAsync(issued.AddMinutes(59));
        Assert.DoesNotContain(Host, _issuer.Asked.Skip(1));
        await LookAsync(issued.AddHours(1));
        await _node.UntilAsync(() => _issuer.Asked.Count(Host.Equals) == 2);
    }

    [Fact]
    public async Task It_survives_a_restart_and_what_is_pending_starts_anew()
    {
        await PublishAsync("web", Host + ".");
        await _node.UntilAsync(() => All is [{ State: CertificateState.Valid }]);
        _issuer.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await PublishAsync("two", "two.example.com.");
        await _node.UntilAsync(() => _issuer.Asked.Count == 2);
        _issuer.Gate = null;
        var before = All.Select(one => one.Uuid).ToArray();
        await _node.RestartAsync();
        await _node.UntilAsync(() => All.All(one => one.State == CertificateState.Valid));
        Assert.Equal(before, All.Select(one => one.Uuid));
        Assert.Equal([Host, "two.example.com", "two.example.com"], _issuer.Asked);
    }

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
    public async Task One_that_has_expired_is_not_presented_but_one_that_somebody_chose_is()
    {
        await PublishAsync("web", Host + ".");
        await _node.UntilAsync(() => All is [{ State: CertificateState.Valid }]);
        var automatic = Only;
        var own = TestCertificate.Make(_node.Time.GetUtcNow(), Host);
        var chosen = (await _node.Rooms.Certificates.CreateAsync(new CreateCertificate("mine", Host, own.Chain, own.Key), Cancel)).Value;
        _node.Issuer = null;
        foreach (var (days, issuer) in ((int, string)[])[(89, automatic.Issuer!), (1, _node.Certificates.Authority.Subject)])
        {
            _node.Time.Advance(TimeSpan.FromDays(days));
            await _node.RestartAsync();
            Assert.Equal(issuer, _node.Certificates.Find(automatic.Uuid, Host).TargetCertificate.Issuer);
            Assert.Equal(chosen.SerialNumber, _node.Certificates.Find(chosen.Uuid, Host).TargetCertificate.SerialNumber, ignoreCase: true);
        }
    }

    [Fact]
    public async Task It_goes_when_nobody_wants_it_any_more()
    {
        await PublishAsync("web", Host + ".");
        await PublishAsync("plain", ["plain.example.com."], ServiceHandler.Http, 80);
        await _node.UntilAsync(() => All is [{ State: CertificateState.Valid }]);
        var uuid = Only.Uuid;
        Assert.True((await _node.Services.DeleteAsync(ResourceRef.To("web"), Cancel)).IsSuccess);
        await _node.UntilAsync(() => All.Count == 0 && _node.Certificates.Get(uuid) is null);
    }

    [Fact]
    public async Task One_that_somebody_chooses_takes_its_place_and_an_automatic_one_is_not_replaced_by_hand()
    {
        await PublishAsync("web", Host + ".");
        await _node.UntilAsync(() => All is [{ State: CertificateState.Valid }]);
        var own = TestCertificate.Make(_node.Time.GetUtcNow(), Host);
        var refused = await _node.Rooms.Certificates.ReplaceAsync(ResourceRef.To(Only.Uuid), own.Chain, own.Key, Cancel);
        Assert.Equal(ErrorCode.NotAllowed, refused.Error!.Code);
        Assert.Contains("user-uploaded ones only", refused.Error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.Attached, (await _node.Rooms.Certificates.DeleteAsync(ResourceRef.To(Only.Uuid), Cancel)).Error!.Code);

        Assert.True((await _node.Rooms.Certificates.CreateAsync(new CreateCertificate("mine", Host, own.Chain, own.Key), Cancel)).IsSuccess);
        var chosen = new ServiceGroupChange.SetDomains([new ServiceDomain(Host + ".", ResourceRef.To("mine"))]);
        Assert.True((await _node.Services.ChangeAsync(ResourceRef.To("web"), chosen, Cancel)).IsSuccess);
        await _node.UntilAsync(() => All is [{ Name: "mine" }]);
    }

    [Fact]
    public async Task A_group_whose_domain_is_pending_can_be_changed()
    {
        _issuer.Refused[Host] = null;
        await PublishAsync("web", Host + ".");
        await _node.UntilAsync(() => All is [{ Validation.Attempt: 1 }]);
        var uuid = Only.Uuid;
        Assert.Null((await _node.Services.ChangeAsync(ResourceRef.To("web"), new ServiceGroupChange.AddDomains(["more"]), Cancel)).Error);
        Assert.Equal(uuid, Only.Uuid);
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

    [Fact]
    public void Renewals_are_spread_over_a_twentieth_of_the_life()
    {
        var from = DateTimeOffset.UnixEpoch;
        var times = Enumerable.Range(0, 200).Select(_ => (IssueTimes.Renewal(Guid.NewGuid(), from, from.AddDays(90)) - from).TotalDays).ToArray();
        Assert.All(times, time => Assert.InRange(time, 55.5, 60));
        Assert.InRange(times.Max() - times.Min(), 2, 4.5);
    }

    // The clock set, and then a look at everything: a service that comes gets one, and by then all have been looked at.
    private async Task LookAsync(DateTimeOffset at)
    {
        _node.Time.SetUtcNow(at);
        var host = $"look{_issuer.Asked.Count}.example.com";
        await PublishAsync($"look{_issuer.Asked.Count}", host + ".");
        await _node.UntilAsync(() => All.Any(one => one.CommonName == host && one.State == CertificateState.Valid));
    }

    private async Task<AccountRooms> AccountAsync(string name)
    {
        Assert.True((await _node.Platform.Accounts.CreateAsync(Caller.Owner, name, AccountLimits.None, Cancel)).IsSuccess);
        var token = (await _node.Platform.Accounts.CreateTokenAsync(Caller.Owner, new CreateToken(ResourceRef.To(name), Role.Write, null, null), Cancel)).Value;
        return _node.Platform.For(_node.Platform.Accounts.Authenticate(token.Secret).Value);
    }

    private Task PublishAsync(string name, params string[] domains) => PublishAsync(name, domains, ServiceHandler.Http | ServiceHandler.Tls, 443);

    private async Task PublishAsync(string name, string[] domains, ServiceHandler handlers, int port, AccountRooms? rooms = null)
    {
        var made = await (rooms ?? _node.Rooms).Services.CreateAsync(
            new CreateServiceGroup { Name = name, Services = [new ServicePort(port, 8080, handlers)], Domains = [.. domains.Select(domain => new ServiceDomain(domain))] }, Cancel);
        Assert.Null(made.Error);
    }
}
