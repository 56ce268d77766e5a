using Wisp.Api.Http;
using Wisp.Api.Reading;
using Wisp.Platform.Accounts;

namespace Wisp.Api.Accounts;

/// <summary>Reads a change of what a user may have.</summary>
internal static class LimitReader
{
    public static Result<Func<AccountLimits, AccountLimits>> Read(JsonObjectReader body)
    {
        var prop = body.String("prop") ?? throw RequestFailure.Invalid("'prop' is missing.");
        var op = body.String("op") ?? throw RequestFailure.Invalid("'op' is missing.");
        var value = body.Integer("value");
        return (op, value) switch
        {
            ("set", null) => new WispError(ErrorCode.InvalidValue, "'value' is missing.", "Give it a whole number, or use the op 'del'."),
            ("set", _) or ("del", null) => Of(prop, value),
            ("del", _) => new WispError(ErrorCode.InvalidValue, "The op 'del' takes no 'value'.", "Leave it out: the limit is taken away."),
            _ => new WispError(ErrorCode.InvalidValue, $"'{op}' is not a valid 'op' of '{prop}'.", "Use 'set' or 'del'."),
        };
    }

    private static Result<Func<AccountLimits, AccountLimits>> Of(string prop, long? value) => prop switch
    {
        "instances" => Change(limits => limits with { Instances = value }),
        "frozen" => Change(limits => limits with { Frozen = value }),
        "service_groups" => Change(limits => limits with { ServiceGroups = value }),
        "services" => Change(limits => limits with { Services = value }),
        "memory_mb" => Change(limits => limits with { MemoryMb = value }),
        "vcpus" => Change(limits => limits with { Vcpus = value }),
        "live_instances" => Change(limits => limits with { LiveInstances = value }),
        "live_vcpus" => Change(limits => limits with { LiveVcpus = value }),
        "live_memory_mb" => Change(limits => limits with { LiveMemoryMb = value }),
        _ => new WispError(
            ErrorCode.InvalidValue, $"'{prop}' is not a valid 'prop'.",
            "Use instances, frozen, service_groups, services, memory_mb, vcpus, live_instances, live_vcpus or live_memory_mb."),
    };

    private static Result<Func<AccountLimits, AccountLimits>> Change(Func<AccountLimits, AccountLimits> change) => change;
}
