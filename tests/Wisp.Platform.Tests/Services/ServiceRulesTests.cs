using Wisp.Platform.Services;

namespace Wisp.Platform.Tests.Services;

public sealed class ServiceRulesTests
{
    public static TheoryData<ServicePort, ErrorCode> Broken => new()
    {
        { new(0, 80, ServiceHandler.Http), ErrorCode.InvalidValue },
        { new(65_536, 80, ServiceHandler.Http), ErrorCode.InvalidValue },
        { new(80, 0, ServiceHandler.Http), ErrorCode.InvalidValue },
        { new(80, 80, ServiceHandler.None), ErrorCode.CannotAddService },
        { new(443, 80, ServiceHandler.Http), ErrorCode.CannotAddService },
        { new(8080, 80, ServiceHandler.Http), ErrorCode.CannotAddService },
        { new(443, 80, ServiceHandler.Tls), ErrorCode.CannotAddService },
        { new(443, 80, ServiceHandler.None), ErrorCode.CannotAddService },
        { new(80, 80, ServiceHandler.Http | ServiceHandler.Tls), ErrorCode.CannotAddService },
        { new(80, 80, ServiceHandler.Http | ServiceHandler.Redirect), ErrorCode.CannotAddService },
        { new(8080, 443, ServiceHandler.Http | ServiceHandler.Redirect), ErrorCode.CannotAddService },
        { new(8080, 80, ServiceHandler.Http | ServiceHandler.Tls), ErrorCode.CannotAddService },
        { new(8443, 443, ServiceHandler.Tls | ServiceHandler.Redirect, Ip: "127.0.0.1"), ErrorCode.CannotAddService },
        { new(80, 443, ServiceHandler.Redirect), ErrorCode.CannotAddService },
        { new(53, 53, ServiceHandler.Tls, Udp: true), ErrorCode.CannotAddService },
        { new(443, 443, ServiceHandler.None, Udp: true), ErrorCode.CannotAddService },
        { new(8080, 80, ServiceHandler.Http, Ip: "localhost"), ErrorCode.InvalidValue },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_port_that_breaks_a_rule_is_refused(ServicePort port, ErrorCode code) =>
        Assert.Equal(code, ServiceRules.Check(new CreateServiceGroup { Services = [port] })?.Code);

    public static TheoryData<ServicePort> Good =>
    [
        new ServicePort(80, 8080, ServiceHandler.Http),
        new ServicePort(80, 443, ServiceHandler.Http | ServiceHandler.Redirect),
        new ServicePort(443, 8080, ServiceHandler.Http | ServiceHandler.Tls),
        new ServicePort(5432, 5432, ServiceHandler.None),
        new ServicePort(5432, 5432, ServiceHandler.Tls),
        new ServicePort(9443, 80, ServiceHandler.Http | ServiceHandler.Tls, Ip: "127.0.0.1"),
        new ServicePort(8080, 80, ServiceHandler.Http, Ip: "127.0.0.1"),
        new ServicePort(8080, 80, ServiceHandler.None, Ip: "::1"),
        new ServicePort(53, 5353, ServiceHandler.None, Udp: true),
        new ServicePort(443, 443, ServiceHandler.None, Ip: "127.0.0.1", Udp: true),
    ];

    [Theory]
    [MemberData(nameof(Good))]
    public void A_good_port_is_accepted(ServicePort port) => Assert.Null(ServiceRules.Check(new CreateServiceGroup { Services = [port] }));

    [Fact]
    public void A_group_without_a_service_is_refused() => Assert.Equal(ErrorCode.InvalidValue, ServiceRules.Check(new CreateServiceGroup())?.Code);

    [Fact]
    public void The_same_port_twice_is_refused() =>
        Assert.Equal(ErrorCode.CannotAddService, ServiceRules.Check(new CreateServiceGroup
        {
            Services = [new(5432, 1, ServiceHandler.None), new(5432, 2, ServiceHandler.None)],
        })?.Code);

    [Fact]
    public void A_port_of_both_protocols_is_two() =>
        Assert.Null(ServiceRules.Check(new CreateServiceGroup { Services = [new(53, 53, ServiceHandler.None), new(53, 53, ServiceHandler.None, Udp: true)] }));

    [Fact]
    public void A_soft_limit_above_the_hard_one_is_refused() =>
        Assert.Equal(ErrorCode.InvalidValue, ServiceRules.Check(new CreateServiceGroup
        {
            Services = [new(5432, 1, ServiceHandler.None)],
            SoftLimit = 3,
            HardLimit = 2,
        })?.Code);

    [Theory]
    [InlineData("a_b.example.")]
    [InlineData("-a")]
    [InlineData("a..b")]
    public void A_domain_that_is_none_is_refused(string domain) =>
        Assert.StartsWith("Invalid DNS name", ServiceRules.Check(new CreateServiceGroup
        {
            Services = [new(80, 1, ServiceHandler.Http)],
            Domains = [domain],
        })?.Message, StringComparison.Ordinal);
}
