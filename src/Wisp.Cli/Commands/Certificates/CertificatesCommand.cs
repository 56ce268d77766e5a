using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Commands.Instances;
using Wisp.Cli.Parsing;
using Wisp.Cli.Resources;

namespace Wisp.Cli.Commands.Certificates;

/// <summary><c>wisp certificates</c>.</summary>
internal static class CertificatesCommand
{
    private static readonly Resource Certificate = Stores.Certificate;

    public static Verb Create(Shell shell) => new Verb(
        "certificates", "See and store the certificates of domains.",
        "wisp certificates list", "wisp certificates create --cn shop.example.com. --chain chain.pem --pkey key.pem")
    {
        ResourceVerbs.List(shell, Certificate), ResourceVerbs.Get(shell, Certificate), Make(shell), Replace(shell), WaitCommand.CreatePolling(shell, Certificate, "state==valid"),
        DeleteVerb.Create(shell, Certificate, "Delete certificates that no service group uses.", Stores.Deleted),
    }.Alias("certificate", "cert");

    private static Verb Make(Shell shell)
    {
        var name = new NewName();
        var cn = new Option<string>("--cn") { Description = "The domain that it is of.", HelpName = "FQDN.", Required = true };
        var chain = new Option<string>("--chain") { Description = "The chain, PEM.", HelpName = "FILE", Required = true };
        var key = new Option<string>("--pkey") { Description = "The private key, PEM.", HelpName = "FILE", Required = true };
        var create = new Verb("create", "Store a certificate.", "wisp certificates create --cn shop.example.com. --chain chain.pem --pkey key.pem", "wisp certificates create shop --cn shop.example.com. --chain c.pem --pkey k.pem")
        {
            cn, chain, key,
        };
        name.AddTo(create);
        return create.Alias("new").Runs(shell, async call =>
        {
            if (Read(call.Get(chain)!).Failed(out var error, out var certificate) || Read(call.Get(key)!).Failed(out error, out var privateKey))
            {
                return error;
            }

            var body = new JsonObject { ["cn"] = call.Get(cn), ["chain"] = certificate, ["pkey"] = privateKey };
            if (name.Of(call) is { } given)
            {
                body["name"] = given;
            }

            return (await call.AskAsync(HttpMethod.Post, Certificate.Path, body)).Failed(out error, out var answer) ? error : call.Print.Items(answer, Stores.Made, single: true);
        });
    }

    private static Verb Replace(Shell shell)
    {
        var names = Names.Argument(shell, Certificate.Path);
        var chain = new Option<string>("--chain") { Description = "The chain, PEM.", HelpName = "FILE", Required = true };
        var key = new Option<string>("--pkey") { Description = "The private key, PEM.", HelpName = "FILE", Required = true };
        return new Verb(
            "edit", "Replace chain and key by others for the same domain; connections that are open go on.",
            "wisp certificates edit shop --chain chain.pem --pkey key.pem", "wisp certificates edit shop --chain /etc/letsencrypt/live/shop/fullchain.pem --pkey /etc/letsencrypt/live/shop/privkey.pem")
        {
            names, chain, key,
        }.Alias("replace").Runs(shell, async call =>
        {
            if (Read(call.Get(chain)!).Failed(out var error, out var certificate) || Read(call.Get(key)!).Failed(out error, out var privateKey))
            {
                return error;
            }

            var items = Reference.ToJson(call.Get(names));
            foreach (var item in items.OfType<JsonObject>())
            {
                item["chain"] = certificate;
                item["pkey"] = privateKey;
            }

            return (await call.AskAsync(HttpMethod.Put, Certificate.Path, items)).Failed(out error, out var answer) ? error : call.Print.Items(answer, Stores.Made, single: false);
        });
    }

    private static Result<string> Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new WispError(ErrorCode.InvalidValue, $"Cannot read '{file}': {exception.Message}", "Name a file in PEM.");
        }
    }
}
