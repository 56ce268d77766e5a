using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wisp.Api.Http;
using Wisp.Api.Instances;
using Wisp.Api.Reading;
using Wisp.Certificates;
using Wisp.Contracts;
using Wisp.Contracts.Certificates;
using Wisp.Platform.Certificates;

namespace Wisp.Api.Certificates;

/// <summary>Certificates (platform API, "Certificates"), and the authority of the node.</summary>
internal sealed class CertificateEndpoints(LocalAuthority authority)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Serve(CreateAsync, "createCertificate");
        routes.Serve(GetAsync, "getCertificates", "getCertificateByUuid");
        routes.Serve(ReplaceAsync, "updateCertificates", "updateCertificateByUuid");
        routes.Serve(DeleteAsync, "deleteCertificates", "deleteCertificateByUuid");
        routes.Serve(GetAuthorityAsync, "getCertificateAuthority");
    }

    private static async Task CreateAsync(HttpContext context)
    {
        var bodies = await RequestBody.ReadItemsAsync(context);
        if (bodies.Count == 0)
        {
            throw RequestFailure.Malformed("The request has no body.", "Send an object with 'common_name', 'chain' and 'pkey'.");
        }

        // All are read before the first is kept: what is malformed costs nothing.
        var requests = bodies.Select(Read).ToArray();
        var items = new List<Certificate>();
        foreach (var (name, read) in requests)
        {
            items.Add(!read.Failed(out var error, out var request)
                && !(await context.Rooms().Certificates.CreateAsync(request, context.RequestAborted)).Failed(out error, out var view)
                ? CertificateMapping.ToWire(view)
                : Failed(error!, null, name));
        }

        await AnswerAsync(context, items);
    }

    private static (string? Name, Result<CreateCertificate> Read) Read(JsonObjectReader body)
    {
        var (name, old, host) = (body.String("name"), body.String("cn"), body.String("common_name"));
        var (chain, key) = Material(body);
        return (name, (old, host) switch
        {
            (null, null) => new WispError(ErrorCode.IdentifierMissing, "'common_name' is missing.", "Give the host that the certificate is for."),
            ({ }, { }) => new WispError(ErrorCode.NotBoth, "Give 'common_name' or 'cn', not both.", "'cn' is the older spelling."),
            _ => new CreateCertificate(name, host ?? old!, chain, key),
        });
    }

    private static async Task GetAsync(HttpContext context)
    {
        var targets = await Target.ReadAsync(context, required: false);
        var query = ListQuery.Read(context);
        var certificates = context.Rooms().Certificates;
        var items = targets.Count == 0
            ? [.. query.Apply(certificates.List(), view => view.Uuid, view => view.CreatedAt, _ => []).Select(view => Show(view, query.Details))]
            : targets.Select(target =>
            {
                var details = target.Body?.Boolean("details") ?? query.Details;
                target.Body?.End();
                var error = target.Wrong;
                return target.Reference is { } reference && !certificates.Find(reference).Failed(out error, out var view)
                    ? Show(view, details)
                    : Failed(error!, target.Reference?.Uuid, target.Reference?.Name);
            }).ToArray();
        await AnswerAsync(context, items);
    }

    private static async Task ReplaceAsync(HttpContext context)
    {
        var wanted = (await Target.ReadAsync(context)).Select(target =>
        {
            var body = target.Body ?? throw RequestFailure.Malformed("The request says nothing to replace it by.", "Send an object with 'chain' and 'pkey'.");
            var (chain, key) = Material(body);
            return (target, chain, key);
        }).ToArray();
        var items = new List<Certificate>();
        foreach (var (target, chain, key) in wanted)
        {
            var error = target.Wrong;
            items.Add(target.Reference is { } reference
                && !(await context.Rooms().Certificates.ReplaceAsync(reference, chain, key, context.RequestAborted)).Failed(out error, out var view)
                ? CertificateMapping.ToWire(view)
                : Failed(error!, target.Reference?.Uuid, target.Reference?.Name));
        }

        await AnswerAsync(context, items);
    }

    private static async Task DeleteAsync(HttpContext context)
    {
        var targets = await Target.ReadAsync(context);
        foreach (var target in targets)
        {
            target.Body?.End();
        }

        var items = new List<Certificate>();
        foreach (var target in targets)
        {
            var error = target.Wrong;
            items.Add(target.Reference is { } reference && !(await context.Rooms().Certificates.DeleteAsync(reference, context.RequestAborted)).Failed(out error, out var view)
                ? Show(view, details: false)
                : Failed(error!, target.Reference?.Uuid, target.Reference?.Name));
        }

        await AnswerAsync(context, items);
    }

    private async Task GetAuthorityAsync(HttpContext context)
    {
        foreach (var body in await RequestBody.ReadItemsAsync(context))
        {
            body.End();
        }

        await Answers.ObjectAsync(
            context,
            new AuthoritiesData([new CertificateAuthority(authority.Subject, InstanceMapping.Time(authority.NotAfter)!, authority.CertificatePem)]),
            WireJson.Default.EnvelopeAuthoritiesData);
    }

    private static (string Chain, string Key) Material(JsonObjectReader body)
    {
        var (chain, key) = (body.String("chain"), body.String("pkey"));
        body.End();
        return (chain ?? throw RequestFailure.Invalid("'chain' is missing."), key ?? throw RequestFailure.Invalid("'pkey' is missing."));
    }

    private static Task AnswerAsync(HttpContext context, IReadOnlyList<Certificate> items) =>
        Answers.ItemsAsync(context, items, list => new CertificatesData(list), WireJson.Default.EnvelopeCertificatesData);

    private static Certificate Failed(WispError error, Guid? uuid, string? name) =>
        new() { Status = ResponseStatus.Error, Error = (int)error.Code, Message = Answers.Text(error), Uuid = uuid?.ToString(), Name = name };

    private static Certificate Show(CertificateView view, bool details) => details
        ? CertificateMapping.ToWire(view)
        : new Certificate { Status = ResponseStatus.Success, Uuid = view.Uuid.ToString(), Name = view.Name };
}
