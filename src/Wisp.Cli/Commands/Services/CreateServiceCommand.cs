using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Commands.Services;

/// <summary><c>wisp services create</c>.</summary>
internal static class CreateServiceCommand
{
    public static Verb Create(Shell shell)
    {
        var name = new Option<string>("-n", "--name") { Description = "Its name; made up when not given.", HelpName = "NAME" };
        var services = new Option<IReadOnlyList<PublishSpec>>("-p", "--service", "--publish")
        {
            Description = "A port: [HOST:]PORT:DEST[/http|/tcp]; HTTP on 127.0.0.1 unless it says otherwise.",
            HelpName = "PORTS", Required = true, Arity = ArgumentArity.OneOrMore, CustomParser = Parsed.Many(PublishSpec.Parse),
        };
        var domains = new Option<string[]>("--domain") { Description = "A domain; one that ends in a dot is complete.", HelpName = "NAME", DefaultValueFactory = _ => [] };
        var soft = new Option<int?>("--soft-limit") { Description = "Requests at once before another instance is woken.", HelpName = "N", CustomParser = Parsed.Optional(WholeNumber.Parse) };
        var hard = new Option<int?>("--hard-limit") { Description = "Requests at once that an instance takes at most.", HelpName = "N", CustomParser = Parsed.Optional(WholeNumber.Parse) };
        return new Verb(
            "create", "Create a service group that outlives its instances.",
            "wisp services create --service 8080:80 -n web", "wisp services create --service 5432:5432/tcp -n db", "wisp services create --service 0.0.0.0:80:8080/http --domain shop")
        {
            name, services, domains, soft, hard,
        }.Runs(shell, async call =>
        {
            var body = new JsonObject { ["services"] = new JsonArray([.. call.Get(services)!.Select(service => (JsonNode)service.ToJson())]) };
            if (call.Get(name) is { } given)
            {
                body["name"] = given;
            }

            if (call.Get(domains) is { Length: > 0 } named)
            {
                body["domains"] = new JsonArray([.. named.Select(domain => (JsonNode)new JsonObject { ["name"] = domain })]);
            }

            if (call.Get(soft) is { } softLimit)
            {
                body["soft_limit"] = softLimit;
            }

            if (call.Get(hard) is { } hardLimit)
            {
                body["hard_limit"] = hardLimit;
            }

            return (await call.AskAsync(WireLists.Services, HttpMethod.Post, ServicesCommand.Path, body)).Failed(out var error, out var answer)
                ? error
                : call.Print.Items(answer, ServiceLayout.For(shell.Time), single: true);
        });
    }
}
