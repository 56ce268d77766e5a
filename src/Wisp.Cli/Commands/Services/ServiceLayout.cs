using System.Globalization;
using Wisp.Cli.Output;
using Wisp.Contracts.Services;

namespace Wisp.Cli.Commands.Services;

/// <summary>How service groups look.</summary>
internal static class ServiceLayout
{
    public static Layout<ServiceGroup> Deleted { get; } = new(
        group => group.Name, [new("deleted", group => group.Name)], [new("deleted", group => group.Name), new("uuid", group => group.Uuid)]);

    public static Layout<ServiceGroup> For(TimeProvider clock)
    {
        Column<ServiceGroup> name = new("name", group => group.Name);
        Column<ServiceGroup> ports = new("ports", group => group.Services is { } services ? string.Join(' ', services.Select(Port)) : null, Long: true);
        Column<ServiceGroup> instances = new("instances", group => group.Instances is { } members ? string.Join(' ', members.Select(member => member.Name)) : null, Long: true);
        Column<ServiceGroup> created = new("created", group => Words.Ago(group.CreatedAt, clock));
        return new Layout<ServiceGroup>(
            group => group.Name,
            [name, ports, instances, created],
            [
                name, new("uuid", group => group.Uuid), new("url", group => string.Join(' ', Urls(group))), ports,
                new("domains", group => group.Domains is { } domains ? string.Join(' ', domains.Select(domain => domain.Fqdn)) : null),
                instances,
                new("limits", group => string.Create(CultureInfo.InvariantCulture, $"soft {group.SoftLimit}, hard {group.HardLimit}")),
                new("kept", group => group.Persistent == true ? "until deleted" : "as long as it has instances"),
                created,
            ]);
    }

    /// <summary>Where a group answers.</summary>
    public static IReadOnlyList<string> Urls(ServiceGroup group) => [.. (group.Services ?? []).Select(service =>
    {
        var scheme = (service.Handlers ?? []) switch
        {
            var handlers when !handlers.Contains("http") => "tcp",
            var handlers when handlers.Contains("tls") => "https",
            _ => "http",
        };
        // Nobody can open "any address" in a browser.
        var host = service.Ip is null or "0.0.0.0" or "::" ? "127.0.0.1" : service.Ip.Contains(':') ? $"[{service.Ip}]" : service.Ip;
        return string.Create(CultureInfo.InvariantCulture, $"{scheme}://{host}:{service.Port}");
    })];

    private static string Port(Service service) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(service.Ip is { } ip ? ip + ":" : "")}{service.Port}:{service.DestinationPort}/{(service.Handlers is { Count: > 0 } handlers ? string.Join('+', handlers) : "tcp")}");
}
