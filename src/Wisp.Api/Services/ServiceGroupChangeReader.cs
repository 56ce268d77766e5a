using System.Text.Json;
using Wisp.Api.Frozen;
using Wisp.Api.Reading;
using Wisp.Platform.Services;

namespace Wisp.Api.Services;

/// <summary>Reads a change of a service group: <c>{prop, op: set|add|del, value?}</c>.</summary>
internal static class ServiceGroupChangeReader
{
    public static Result<ServiceGroupChange> Read(JsonObjectReader body)
    {
        var property = body.String("prop");
        var operation = body.String("op");
        var value = body.Any("value");
        return operation is not ("set" or "add" or "del")
            ? new WispError(ErrorCode.InvalidValue, $"'{operation}' is not a valid 'op'.", "Use set, add or del.")
            : property switch
            {
                "services" => Services(operation, value),
                "domains" => Domains(operation, value),
                "soft_limit" => Limit(property, operation, value, limit => new ServiceGroupChange.SetSoftLimit(limit)),
                "hard_limit" => Limit(property, operation, value, limit => new ServiceGroupChange.SetHardLimit(limit)),
                "autokill" => PropertyChangeReader.Autokill(operation, value, after => (ServiceGroupChange)new ServiceGroupChange.SetAutokill(after)),
                _ => new WispError(ErrorCode.InvalidValue, $"'{property}' is not a property that can be changed.", "Use services, domains, soft_limit, hard_limit or autokill."),
            };
    }

    private static Result<ServiceGroupChange> Services(string operation, JsonElement? value)
    {
        var entries = Entries(value);
        if (operation == "del" && entries.Count > 0 && entries.All(IsPort))
        {
            return new ServiceGroupChange.RemoveServices([.. entries.Select(PortOf)]);
        }

        if (operation == "del" || entries.Count == 0 || entries.Any(entry => entry.ValueKind != JsonValueKind.Object))
        {
            return operation == "del" ? Wrong("services", "a list of ports") : Wrong("services", "a list of services");
        }

        var ports = new List<ServicePort>();
        foreach (var entry in entries)
        {
            if (ServiceGroupReader.ReadPort(new JsonObjectReader(entry, "value")).Failed(out var error, out var port))
            {
                return error;
            }

            ports.Add(port);
        }

        return operation == "set" ? new ServiceGroupChange.SetServices(ports) : new ServiceGroupChange.AddServices(ports);
    }

    private static Result<ServiceGroupChange> Domains(string operation, JsonElement? value)
    {
        if (operation == "del" && value is null)
        {
            return new ServiceGroupChange.SetDomains([]);
        }

        var domains = new List<ServiceDomain>();
        foreach (var entry in Entries(value))
        {
            if (entry.ValueKind == JsonValueKind.String)
            {
                domains.Add(entry.GetString()!);
                continue;
            }

            if (entry.ValueKind != JsonValueKind.Object)
            {
                return Wrong("domains", "a list of domains");
            }

            if (ServiceGroupReader.ReadDomain(new JsonObjectReader(entry, "value")).Failed(out var error, out var domain))
            {
                return error;
            }

            domains.Add(domain);
        }

        return (operation, domains.Count) switch
        {
            ("set", _) when value is { ValueKind: JsonValueKind.Array } => new ServiceGroupChange.SetDomains(domains),
            (_, 0) => Wrong("domains", "a list of domains"),
            ("set", _) => new ServiceGroupChange.SetDomains(domains),
            ("add", _) => new ServiceGroupChange.AddDomains(domains),
            _ => new ServiceGroupChange.RemoveDomains([.. domains.Select(domain => domain.Name)]),
        };
    }

    private static Result<ServiceGroupChange> Limit(string property, string operation, JsonElement? value, Func<long?, ServiceGroupChange> change) => (operation, value?.ValueKind) switch
    {
        ("del", _) => change(null),
        ("set", JsonValueKind.Number) when value!.Value.TryGetInt64(out var limit) => change(limit),
        ("set", _) => Wrong(property, "a whole number"),
        _ => new WispError(ErrorCode.InvalidValue, $"'{property}' has no 'op' {operation}.", "Use set or del."),
    };

    // One may be given without the list around it.
    private static IReadOnlyList<JsonElement> Entries(JsonElement? value) => value switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray()],
        { } one => [one],
    };

    private static bool IsPort(JsonElement entry) =>
        (entry.ValueKind == JsonValueKind.Number && entry.TryGetInt64(out _))
        || (entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("port", out var port) && port.ValueKind == JsonValueKind.Number && port.TryGetInt64(out _));

    private static (long Port, bool? Udp) PortOf(JsonElement entry) => entry.ValueKind == JsonValueKind.Object
        ? (entry.GetProperty("port").GetInt64(), entry.TryGetProperty("protocol", out var protocol) && protocol.ValueKind == JsonValueKind.String ? protocol.GetString() == "udp" : null)
        : (entry.GetInt64(), null);

    private static WispError Wrong(string property, string wanted) => new(ErrorCode.InvalidValue, $"The 'value' of '{property}' must be {wanted}.");
}
