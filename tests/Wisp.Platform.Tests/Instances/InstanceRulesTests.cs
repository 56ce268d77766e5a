using Wisp.Platform.Instances;
using Wisp.Platform.Services;

namespace Wisp.Platform.Tests.Instances;

public sealed class InstanceRulesTests
{
    private static readonly CreateInstance Good = new() { Image = "hello" };

    public static TheoryData<CreateInstance, ErrorCode, string> Broken => new()
    {
        { Good with { Image = null }, ErrorCode.InvalidValue, "An instance needs an 'image'." },
        { Good with { MemoryMb = 8 }, ErrorCode.InvalidValue, "Value of 'memory_mb' must be in the range 16 to 4096" },
        { Good with { MemoryMb = 10_000_000_000 }, ErrorCode.InvalidValue, "Value of 'memory_mb' must be in the range 16 to 4096" },
        { Good with { MemoryMb = 16 }, ErrorCode.GuestMemoryTooSmall, "A guest does not boot with memory_mb 16." },
        { Good with { Vcpus = 0 }, ErrorCode.InvalidValue, "Value of 'vcpus' must be in the range 1 to 32" },
        { Good with { Vcpus = 33 }, ErrorCode.InvalidValue, "Value of 'vcpus' must be in the range 1 to 32" },
        { Good with { Replicas = -1 }, ErrorCode.InvalidValue, "Value of 'replicas' must be in the range 0 to 255" },
        { Good with { Name = "a--b" }, ErrorCode.InvalidValue, "Invalid name 'a--b'." },
        { Good with { TimeoutS = 5 }, ErrorCode.InvalidValue, "'timeout_s' needs 'autostart'." },
        { Good with { ScaleToZero = new(ScaleToZeroPolicy.On, false, TimeSpan.FromSeconds(1), TimeSpan.Zero) }, ErrorCode.InvalidValue, "'scale_to_zero' needs a 'service_group'." },
        { Good with { ScaleToZero = new(ScaleToZeroPolicy.Off, false, TimeSpan.FromDays(2), TimeSpan.Zero) }, ErrorCode.InvalidValue, "Value of 'cooldown_time_ms' must be in the range 0 to 86400000" },
        { Good with { ScaleToZero = new(ScaleToZeroPolicy.Off, false, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)) }, ErrorCode.InvalidValue, "'notify_time_ms' 1000 is not below 'cooldown_time_ms' 1000." },
        { Good with { DeleteOnStop = true, RestartPolicy = RestartPolicy.Always }, ErrorCode.NotBoth, "'delete-on-stop' and a restart policy exclude each other." },
        { Good with { ServiceGroup = ResourceRef.To("a"), NewServiceGroup = new CreateServiceGroup() }, ErrorCode.NotBoth, "Give 'service_group' a uuid or name, or 'services' for a new group, not both." },
        { Good with { Tags = [.. Enumerable.Range(0, 17).Select(n => $"t{n}")] }, ErrorCode.TooMany, "At most 16 tags are allowed." },
        { Good with { Args = ["echo", "a\0b"] }, ErrorCode.InvalidValue, "Invalid value in 'args': it has a NUL or 131072 bytes or more." },
        { Good with { Args = [new string('a', 131_072)] }, ErrorCode.InvalidValue, "Invalid value in 'args': it has a NUL or 131072 bytes or more." },
        { Good with { Env = new Dictionary<string, string>(StringComparer.Ordinal) { ["LONG"] = new('a', 131_072) } }, ErrorCode.InvalidValue, "Invalid environment variable name or value: 'LONG'." },
        { Good with { Tags = ["a b"] }, ErrorCode.InvalidValue, "Invalid tag 'a b'." },
        { Good with { Env = new Dictionary<string, string>(StringComparer.Ordinal) { ["A=B"] = "c" } }, ErrorCode.InvalidValue, "Invalid environment variable name or value: 'A=B'." },
        { Good with { Hostname = "a.b" }, ErrorCode.InvalidValue, "Invalid DNS name 'a.b'." },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_rule_is_named(CreateInstance request, ErrorCode code, string message)
    {
        var error = InstanceRules.Check(request, smallestMemoryMb: 64, largestMemoryMb: 4096);
        Assert.NotNull(error);
        Assert.Equal((code, message), (error.Code, error.Message));
    }

    [Fact]
    public void A_good_request_breaks_none() => Assert.Null(InstanceRules.Check(Good, 64, 4096));
}
