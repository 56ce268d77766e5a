using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;

namespace Wisp.Platform.Tests.Frozen;

/// <summary>What may be said beside what an instance begins from.</summary>
public sealed class OriginRulesTests
{
    private static readonly ResourceRef It = ResourceRef.To("it");
    private static readonly CreateInstance Template = new() { Template = It };
    private static readonly CreateInstance Checkpoint = new() { Checkpoint = It };
    private static readonly CreateInstance Branch = new() { BranchFrom = It };

    public static TheoryData<CreateInstance, string> Refused => new()
    {
        { new CreateInstance(), "An instance needs an 'image'." },
        { Branch with { Image = "hello" }, "Cannot specify 'image' when 'branch_from' is set" },
        { Branch with { Checkpoint = It }, "Cannot specify 'checkpoint' when 'branch_from' is set" },
        { Branch with { Template = It }, "Cannot specify 'branch_from' when creating an instance from a template" },
        { Branch with { Args = [] }, "Cannot specify 'args' when branching from an existing instance" },
        { Branch with { Env = new Dictionary<string, string>(StringComparer.Ordinal) }, "Cannot specify 'env' when branching from an existing instance" },
        { Branch with { MemoryMb = 128 }, "Cannot specify 'memory_mb' when branching from an existing instance" },
        { Branch with { Vcpus = 1 }, "Cannot specify 'vcpus' when branching from an existing instance" },
        { Template with { Image = "hello" }, "Cannot specify 'image' when creating an instance from a template" },
        { Template with { Checkpoint = It }, "Cannot specify 'checkpoint' when creating an instance from a template" },
        { Template with { MemoryMb = 1 }, "Cannot specify 'memory_mb' when creating an instance from a template" },
        { Template with { Cold = true }, "Cannot specify 'cold' when creating an instance from a template" },
        { Checkpoint with { Image = "hello" }, "Cannot specify 'image' when creating an instance from a checkpoint" },
        { Checkpoint with { Args = ["x"] }, "Cannot specify 'args' when creating an instance from a checkpoint" },
        { OnDemand(new CreateInstance { Image = "hello", Name = "x" }), "Cannot specify 'name' in 'create_args'" },
        { OnDemand(new CreateInstance { Image = "hello", ServiceGroup = It }), "Cannot specify 'service_group' in 'create_args'" },
        { OnDemand(new CreateInstance { Image = "hello", Autostart = true }), "Cannot specify 'autostart' in 'create_args'" },
        { OnDemand(Branch), "Cannot specify 'branch_from' in 'create_args'" },
        { OnDemand(Template with { Image = "hello" }), "Cannot specify 'image' when creating an instance from a template" },
        { OnDemand(new CreateInstance()), "An instance needs an 'image'." },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Two_things_that_exclude_each_other_are_refused_in_the_words_of_the_platform(CreateInstance request, string message) =>
        Assert.Equal(message, OriginRules.Check(request)?.Message);

    [Fact]
    public void Each_of_them_alone_is_fine() =>
        Assert.All(new[] { new CreateInstance { Image = "hello" }, Template, Checkpoint, Branch, OnDemand(Template) }, request => Assert.Null(OriginRules.Check(request)));

    private static CreateInstance OnDemand(CreateInstance arguments) => new() { OnDemand = new OnDemandTemplate(arguments, true, null, null) };
}
