using Wisp.Platform.Certificates;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Certificates;

/// <summary>When certificates that the node got by itself come anew, and what is presented until then.</summary>
public sealed class AutomaticRenewalTests : AutomaticCertificateScene
{
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
    public async Task One_that_has_expired_is_not_presented_but_one_that_somebody_chose_is()
    {
        await PublishAsync("web", Host + ".");
        await _node.UntilAsync(() => All is [{ State: CertificateState.Valid }]);
        var automatic = Only;
        var own = TestCertificate.Make(_node.Time.GetUtcNow(), Host);
        var chosen = (await _node.Rooms.Certificates.CreateAsync(new CreateCertificate("mine", Host, own.Chain, own.Key), Cancel)).Value;
        // From the next daemon on; the one that runs would renew it.
        _node.Issuer = null;
        await _node.RestartAsync();
        foreach (var (days, issuer) in ((int, string)[])[(89, automatic.Issuer!), (1, _node.Certificates.Authority.Subject)])
        {
            _node.Time.Advance(TimeSpan.FromDays(days));
            await _node.RestartAsync();
            Assert.Equal(issuer, _node.Certificates.Find(automatic.Uuid, Host).TargetCertificate.Issuer);
            Assert.Equal(chosen.SerialNumber, _node.Certificates.Find(chosen.Uuid, Host).TargetCertificate.SerialNumber, ignoreCase: true);
        }
    }

    [Fact]
    public void Renewals_are_spread_over_a_twentieth_of_the_life()
    {
        var from = DateTimeOffset.UnixEpoch;
        var times = Enumerable.Range(0, 200).Select(_ => (IssueTimes.Renewal(Guid.NewGuid(), from, from.AddDays(90)) - from).TotalDays).ToArray();
        Assert.All(times, time => Assert.InRange(time, 55.5, 60));
        Assert.InRange(times.Max() - times.Min(), 2, 4.5);
    }
}
