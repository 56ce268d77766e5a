using Wisp.Platform.Certificates;
using Wisp.Platform.Services;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Certificates;

/// <summary>Certificates that the node gets by itself.</summary>
public sealed class AutomaticCertificateTests : AutomaticCertificateScene
{
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
}
