namespace Wisp.Contracts.Operations.Shapes;

internal static class ServiceShapes
{
    private static readonly Shape Service = Shape.Of(
        "Service", Member.Integer("port").Needed(), Member.Integer("destination_port"), Member.Word("protocol", "tcp", "udp"),
        Member.Text("ip", "Wisp: an address of its own, so that it has the port to itself"), Member.Texts("handlers", "http, tls, redirect"));

    private static readonly Shape Domain = Shape.Of("DomainName", Member.Text("name").Needed(), Member.Object("certificate", CommonShapes.Reference));

    public static Member[] Definition { get; } =
    [
        Member.Objects("services", Service), Member.Objects("domains", Domain), Member.Integer("soft_limit"), Member.Integer("hard_limit"),
    ];

    public static Shape Create { get; } = Shape.Of("CreateServiceGroup", [Member.Text("name"), .. Definition, Member.Object("autokill", CommonShapes.Lifetime)]);

    public static Member[] Changes { get; } = CommonShapes.Change("services", "domains", "soft_limit", "hard_limit", "autokill");
}
