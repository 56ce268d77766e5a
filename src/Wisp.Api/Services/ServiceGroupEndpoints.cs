using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wisp.Api.Certificates;
using Wisp.Api.Http;
using Wisp.Api.Instances;
using Wisp.Api.Reading;
using Wisp.Contracts;
using Wisp.Contracts.Services;
using Wisp.Platform.Services;

namespace Wisp.Api.Services;

/// <summary>Service groups (platform API, "Service groups").</summary>
internal static class ServiceGroupEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.Serve(CreateAsync, "createServiceGroup");
        routes.Serve(GetAsync, "getServiceGroups", "getServiceGroupByUuid");
        routes.Serve(ChangeAsync, "updateServiceGroups", "updateServiceGroupByUuid");
        routes.Serve(DeleteAsync, "deleteServiceGroups", "deleteServiceGroupByUuid");
    }

    private static async Task CreateAsync(HttpContext context)
    {
        var bodies = await RequestBody.ReadItemsAsync(context);
        if (bodies.Count == 0)
        {
            throw RequestFailure.Malformed("The request has no body.", "Send an object with 'services'.");
        }

        // All are read before the first is made: what is malformed costs nothing.
        var requests = bodies.Select(body => ServiceGroupReader.Read(body, named: true)).ToArray();
        var items = new List<ServiceGroup>();
        foreach (var read in requests)
        {
            var result = read.Failed(out var error, out var request) ? error : await context.Rooms().Services.CreateAsync(request, context.RequestAborted);
            items.Add(result.Failed(out error, out var view) ? Failed(error, null, request?.Name) : Show(view, details: true));
        }

        await AnswerAsync(context, items);
    }

    private static async Task GetAsync(HttpContext context)
    {
        var targets = await Target.ReadAsync(context, required: false);
        var query = ListQuery.Read(context);
        var items = targets.Count == 0
            ? [.. query.Apply(context.Rooms().Services.List(), view => view.Uuid, view => view.CreatedAt, _ => []).Select(view => Show(view, query.Details))]
            : targets.Select(target =>
            {
                var details = target.Body?.Boolean("details") ?? query.Details;
                target.Body?.End();
                var error = target.Wrong;
                return target.Reference is { } reference && !context.Rooms().Services.Find(reference).Failed(out error, out var view)
                    ? Show(view, details)
                    : Failed(error!, target.Reference?.Uuid, target.Reference?.Name);
            }).ToArray();
        await AnswerAsync(context, items);
    }

    private static async Task ChangeAsync(HttpContext context)
    {
        // All are read before the first is acted on: what is malformed costs nothing.
        var changes = (await Target.ReadAsync(context)).Select(target =>
        {
            var body = target.Body ?? throw RequestFailure.Malformed("The request says no change.", "Send an object with 'prop', 'op' and 'value'.");
            var id = body.String("id");
            var change = ServiceGroupChangeReader.Read(body);
            body.End();
            return (target, id, change);
        }).ToArray();
        var items = new List<ResourceChange>();
        // In order: several may be about one group.
        foreach (var (target, id, read) in changes)
        {
            var error = target.Wrong;
            items.Add(target.Reference is { } reference && !read.Failed(out error, out var change)
                && !(await context.Rooms().Services.ChangeAsync(reference, change, context.RequestAborted)).Failed(out error, out var view)
                ? new ResourceChange { Status = ResponseStatus.Success, Uuid = view.Uuid.ToString(), Name = view.Name, Id = id }
                : new ResourceChange
                {
                    Status = ResponseStatus.Error, Error = (int)error!.Code, Message = Answers.Text(error),
                    Uuid = target.Reference?.Uuid?.ToString(), Name = target.Reference?.Name, Id = id,
                });
        }

        await Answers.ItemsAsync(context, items, list => new ServiceGroupChangesData(list), WireJson.Default.EnvelopeServiceGroupChangesData);
    }

    private static async Task DeleteAsync(HttpContext context)
    {
        var targets = await Target.ReadAsync(context);
        foreach (var target in targets)
        {
            target.Body?.End();
        }

        var items = new List<ServiceGroup>();
        foreach (var target in targets)
        {
            var error = target.Wrong;
            items.Add(target.Reference is { } reference && !(await context.Rooms().Services.DeleteAsync(reference, context.RequestAborted)).Failed(out error, out var view)
                ? Show(view, details: false)
                : Failed(error!, target.Reference?.Uuid, target.Reference?.Name));
        }

        await AnswerAsync(context, items);
    }

    private static Task AnswerAsync(HttpContext context, IReadOnlyList<ServiceGroup> items) =>
        Answers.ItemsAsync(context, items, list => new ServiceGroupsData(list), WireJson.Default.EnvelopeServiceGroupsData);

    private static ServiceGroup Failed(WispError error, Guid? uuid, string? name) =>
        new() { Status = ResponseStatus.Error, Error = (int)error.Code, Message = Answers.Text(error), Uuid = uuid?.ToString(), Name = name };

    private static ServiceGroup Show(ServiceGroupView view, bool details) => !details
        ? new ServiceGroup { Status = ResponseStatus.Success, Uuid = view.Uuid.ToString(), Name = view.Name }
        : new ServiceGroup
        {
            Status = ResponseStatus.Success,
            Uuid = view.Uuid.ToString(),
            Name = view.Name,
            CreatedAt = InstanceMapping.Time(view.CreatedAt),
            Persistent = view.Persistent,
            Autoscale = view.Autoscale,
            SoftLimit = view.SoftLimit,
            HardLimit = view.HardLimit,
            Autokill = InstanceMapping.Lifetime(view.Autokill),
            Services = [.. view.Services.Zip(view.Listens, (port, listen) => new Service(
                port.Port, port.DestinationPort, port.Udp ? "udp" : "tcp", port.Ip, Handlers(port.Handlers), listen.Port == port.Port ? null : listen.ToString()))],
            Domains = [.. view.Domains.Select(domain => new Domain(domain.Fqdn, domain.Certificate is { } certificate ? CertificateMapping.ToWire(certificate) : null))],
            Instances = [.. view.Instances.Select(instance => new ServiceGroupInstance(instance.Uuid.ToString(), instance.Name))],
        };

    private static string[] Handlers(ServiceHandler handlers) =>
        [.. ((ServiceHandler[])[ServiceHandler.Tls, ServiceHandler.Http, ServiceHandler.Redirect])
            .Where(handler => handlers.HasFlag(handler))
            .Select(handler => handler.ToString().ToLowerInvariant())];
}
