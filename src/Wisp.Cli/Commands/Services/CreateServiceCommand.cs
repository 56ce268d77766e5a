using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Parsing;
using Wisp.Cli.Writing;

namespace Wisp.Cli.Commands.Services;

/// <summary><c>wisp services create</c>.</summary>
internal static class CreateServiceCommand
{
    public static Verb Create(Shell shell)
    {
        var name = new NewName();
        var services = new Option<IReadOnlyList<PublishSpec>>("-p", "--service", "--publish")
        {
            Description = "A port: [HOST:]PORT:DEST[/http|/tcp|/udp]; HTTP on 127.0.0.1 unless it says otherwise.",
            HelpName = "PORTS", Arity = ArgumentArity.OneOrMore, CustomParser = Parsed.Many(PublishSpec.Parse),
        };
        var domains = new Option<string[]>("--domain") { Description = "A domain; one that ends in a dot is complete.", HelpName = "NAME[,certificate=NAME]", DefaultValueFactory = _ => [] };
        var soft = new Option<int?>("--soft-limit") { Description = "Requests at once before another instance is woken.", HelpName = "N", CustomParser = Parsed.Optional(WholeNumber.Parse) };
        var hard = new Option<int?>("--hard-limit") { Description = "Requests at once that an instance takes at most.", HelpName = "N", CustomParser = Parsed.Optional(WholeNumber.Parse) };
        var autokill = EditOptions.Autokill("its last instance has gone");
        var writer = new WriterOptions(InstanceProperties.Service);
        var create = new Verb(
            "create", "Create a service group that outlives its instances.",
            "wisp services create web --service 8080:80", "wisp services create db --service 5432:5432/tcp", "wisp services create names --service 5353:53/udp --service 5353:53/tcp --autokill 1h", "wisp services create --service 0.0.0.0:80:8080/http --domain shop",
            "wisp services create --service 443:8080/http+tls --service 80:443/http+redirect --domain shop.example.com.,certificate=shop")
        {
            services, domains, soft, hard, autokill,
        };
        name.AddTo(create);
        writer.AddTo(create, makes: true);
        create.Validators.Add(result =>
        {
            if (result.GetResult(services) is null && !writer.Given(result))
            {
                result.AddError("A service group has at least one port: give --service, --load or --set services=.");
            }
        });
        return create.Alias("new").Runs(shell, async call =>
        {
            if (writer.Begin(call).Failed(out var error, out var body))
            {
                return error;
            }

            void Say(string member, JsonNode? value, PropertyKind kind = PropertyKind.One)
            {
                if (value is not null)
                {
                    JsonTree.Put(body, member, value, kind);
                }
            }

            Say("services", call.Get(services) is { Count: > 0 } ports ? new JsonArray([.. ports.Select(service => (JsonNode)service.ToJson())]) : null);
            Say("name", name.Of(call));
            Say("domains", call.Get(domains) is { Length: > 0 } named ? DomainSpec.ParseAll(named) : null);
            Say("soft_limit", call.Get(soft));
            Say("hard_limit", call.Get(hard));
            Say("autokill", call.Get(autokill)?.DeepClone());
            if ((error = writer.Put(call, body)) is not null)
            {
                return error;
            }

            return (await writer.FinishAsync(call, HttpMethod.Post, Resources.Services.Path, body)).Failed(out error, out var draft) ? error
                : !draft.Send ? ExitCode.Ok
                : draft.Kept(await call.AskAsync(HttpMethod.Post, Resources.Services.Path, body)).Failed(out error, out var answer) ? error
                : call.Print.Items(answer, Resources.Services.Service.Fields, single: true);
        });
    }
}
