using Wisp.Cli.CommandLine;
using Wisp.Cli.Commands.Instances;
using Wisp.Cli.Resources;
using Wisp.Cli.Writing;

namespace Wisp.Cli.Commands.Services;

/// <summary><c>wisp services</c>.</summary>
internal static class ServicesCommand
{
    private static readonly Resource Service = Resources.Services.Service;

    public static Verb Create(Shell shell) => new Verb(
        "services", "See and change service groups: the ports by which instances are reached.",
        "wisp services list", "wisp services create web --service 8080:80")
    {
        ResourceVerbs.List(shell, Service), ResourceVerbs.Get(shell, Service), CreateServiceCommand.Create(shell), EditCommand.Create(shell, Service, InstanceProperties.Service),
        AutoscaleCommand.Create(shell), TopCommand.Create(shell),
        WaitCommand.CreatePolling(shell, Service, "instances.*.name~=."),
        DeleteVerb.Create(shell, Service, "Delete service groups that have no instances.", Resources.Services.Deleted),
    }.Alias("service", "svc");
}
