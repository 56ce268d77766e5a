using System.CommandLine;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Completion;
using Wisp.Cli.Connections;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Commands.Services;

/// <summary><c>wisp services</c>.</summary>
internal static class ServicesCommand
{
    public const string Path = "/v1/services";

    public static Verb Create(Shell shell) => new Verb(
        "services", "See and change service groups: the ports by which instances are reached.",
        "wisp services list", "wisp services create --service 8080:80 -n web")
    {
        List(shell), Get(shell), CreateServiceCommand.Create(shell), Delete(shell),
    }.Alias("service", "svc");

    private static Verb List(Shell shell) =>
        new Verb("list", "List service groups, oldest first.", "wisp services list", "wisp services list -o json")
            .Alias("ls")
            .Runs(shell, async call => (await call.AskAsync(WireLists.Services, HttpMethod.Get, Path)).Failed(out var error, out var answer)
                ? error
                : call.Print.Items(answer, ServiceLayout.For(shell.Time)));

    private static Verb Get(Shell shell)
    {
        var names = Names(shell);
        return new Verb("get", "Show everything that is known of service groups.", "wisp services get web") { names }
            .Alias("inspect", "show")
            .Runs(shell, async call => (await call.AskAsync(WireLists.Services, HttpMethod.Get, Path, Reference.ToJson(call.Get(names)))).Failed(out var error, out var answer)
                ? error
                : call.Print.Items(answer, ServiceLayout.For(shell.Time), single: call.Get(names).Length == 1, byDefault: OutputFormat.Kv));
    }

    private static Verb Delete(Shell shell)
    {
        var names = Names(shell);
        return new Verb("delete", "Delete service groups that have no instances.", "wisp services delete web") { names }
            .Alias("rm", "remove")
            .Runs(shell, async call => (await call.AskAsync(WireLists.Services, HttpMethod.Delete, Path, Reference.ToJson(call.Get(names)))).Failed(out var error, out var answer)
                ? error
                : call.Print.Items(answer, ServiceLayout.Deleted, single: call.Get(names).Length == 1, byDefault: OutputFormat.Table));
    }

    private static Argument<string[]> Names(Shell shell)
    {
        var names = new Argument<string[]>("name") { Description = "Names or uuids.", Arity = ArgumentArity.OneOrMore };
        names.CompletionSources.Add(context => KnownNames.Find(shell, context, WireLists.Services, Path));
        return names;
    }
}
