using Wisp.Machines;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Frozen;

/// <summary>Templates that are found by what they are made of, and made when they are not there.</summary>
public sealed class OnDemandTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_call_prepares_it_and_all_others_find_it()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await CreateAsync(node, "a", 8080);
        var template = Assert.Single(node.Frozen.List(FrozenKind.Template));
        Assert.Matches("^[0-9a-f]{40}$", template.Name);
        Assert.Equal(InstanceState.Running, node.Find("a").State);
        await CreateAsync(node, "b", 8081);
        Assert.Equal(template.Uuid, Assert.Single(node.Frozen.List(FrozenKind.Template)).Uuid);
        Assert.Equal([template.Snapshot, template.Snapshot], new[] { node.Find("a").Snapshot, node.Find("b").Snapshot });
        Assert.Equal(["a", "b"], node.Instances.List().Select(instance => instance.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Prepared_is_what_has_opened_the_ports_that_its_clones_publish()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        var creating = CreateAsync(node, "a", 8080);
        await node.UntilAsync(() => node.Engine.Started.Count == 1);
        node.Machine.Happen(new MachineEvent.EntrypointStarted(TimeSpan.FromSeconds(3)));
        Assert.Equal([80], node.Machine.Specification.Guest.WatchedPorts);
        await node.UntilAsync(() => node.Instances.List() is [{ State: InstanceState.Starting }]);
        node.Machine.Happen(new MachineEvent.PortOpened(80));
        Assert.True((await creating).IsSuccess);
        Assert.Equal(InstanceState.Running, node.Find("a").State);
    }

    [Fact]
    public async Task Without_a_port_it_is_prepared_when_it_has_run_for_a_second()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        var creating = node.Instances.CreateAsync(new CreateInstance { Name = "a", OnDemand = Hello() }, Cancel);
        await node.AdvanceUntilAsync(() => creating.IsCompleted, Step);
        Assert.NotNull((await creating).Value.Single().Snapshot);
    }

    [Fact]
    public async Task One_that_makes_itself_a_template_is_that_template()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        var creating = CreateAsync(node, "a", 8080);
        await node.UntilAsync(() => node.Engine.Started.Count == 1);
        node.Machine.Happen(new MachineEvent.EntrypointStarted(TimeSpan.FromSeconds(3)));
        node.Machine.Happen(new MachineEvent.PortOpened(80));
        node.Machine.Happen(new MachineEvent.TemplateRequested(3));
        Assert.True((await creating).IsSuccess);
        Assert.Single(node.Frozen.List(FrozenKind.Template));
        Assert.Single(node.Instances.List());
    }

    [Fact]
    public async Task Many_at_once_prepare_it_once()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => CreateAsync(node, $"a{index}", 8080 + index)));
        Assert.All(made, result => Assert.True(result.IsSuccess, result.Error?.ToString()));
        Assert.Single(node.Frozen.List(FrozenKind.Template));
        Assert.Equal(8, node.Engine.Restored.Count(restore => restore.Notice.Identity?.Hostname.StartsWith('a') == true));
    }

    [Fact]
    public async Task Unprepared_it_has_no_memory()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(new CreateInstance { Name = "a", OnDemand = Hello() with { Prepare = false } }, Cancel);
        Assert.Null(Assert.Single(node.Frozen.List(FrozenKind.Template)).Snapshot);
        Assert.Empty(node.Engine.Started);
    }

    [Fact]
    public async Task It_nests()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        var nested = Hello() with { Arguments = new CreateInstance { OnDemand = Hello(), Tags = ["second"] } };
        var creating = node.Instances.CreateAsync(new CreateInstance { Name = "a", OnDemand = nested }, Cancel);
        await node.AdvanceUntilAsync(() => creating.IsCompleted, Step);
        Assert.True((await creating).IsSuccess, (await creating).Error?.ToString());
        var templates = node.Frozen.List(FrozenKind.Template);
        Assert.Equal(2, templates.Count);
        Assert.Equal(["second"], templates[1].Tags);
        Assert.Equal(templates[1].Snapshot, node.Find("a").Snapshot);
    }

    [Fact]
    public async Task One_that_does_not_get_ready_in_time_is_taken_away()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        var creating = node.Instances.CreateAsync(new CreateInstance { Name = "a", OnDemand = Hello() with { PrepareTimeout = TimeSpan.FromSeconds(5) } }, Cancel);
        await node.AdvanceUntilAsync(() => creating.IsCompleted, Step);
        var refused = await creating;
        Assert.Equal(ErrorCode.TimedOut, refused.Error?.Code);
        Assert.StartsWith("The template could not be prepared: ", refused.Error?.Message, StringComparison.Ordinal);
        Assert.Empty(node.Instances.List());
        Assert.Empty(node.Frozen.List(FrozenKind.Template));
    }

    [Fact]
    public async Task One_that_ends_at_once_is_taken_away()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        var creating = CreateAsync(node, "a", 8080);
        await node.UntilAsync(() => node.Engine.Started.Count == 1);
        node.Machine.End(new MachineExit(MachineExitCause.ApplicationExited, 3, null));
        Assert.Equal(ErrorCode.OperationFailed, (await creating).Error?.Code);
        Assert.Empty(node.Instances.List());
    }

    [Fact]
    public async Task A_wispd_that_dies_while_it_is_prepared_leaves_nothing_half()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        _ = CreateAsync(node, "a", 8080);
        await node.UntilAsync(() => node.Engine.Started.Count == 1);
        var machine = node.Machine;
        machine.Happen(new MachineEvent.EntrypointStarted(TimeSpan.FromSeconds(3)));
        // It is being followed: what it says from here on, it says to the next wispd.
        await node.UntilAsync(() => machine.Events.Count == 0);
        await node.RestartAsync();
        Assert.Empty(node.Instances.List());
        Assert.Empty(node.Frozen.List(FrozenKind.Template));
        Assert.Equal(MachineState.Exited, machine.State);
    }

    [Fact]
    public void The_hash_is_of_what_makes_a_difference()
    {
        var hello = Hello();
        Assert.Equal(TemplateHash.Of(hello, "x"), TemplateHash.Of(Hello() with { PrepareTimeout = TimeSpan.Zero, Autokill = TimeSpan.FromDays(1) }, "x"));
        Assert.Equal(
            TemplateHash.Of(With(hello, arguments => arguments with { Env = Env("a", "b") }), "x"),
            TemplateHash.Of(With(hello, arguments => arguments with { Env = Env("b", "a"), MemoryMb = 128, Vcpus = 1 }), "x"));
        OnDemandTemplate[] others =
        [
            With(hello, arguments => arguments with { Args = [] }), With(hello, arguments => arguments with { Args = ["a", "b"] }), With(hello, arguments => arguments with { Args = ["ab"] }),
            With(hello, arguments => arguments with { Env = Env("a") }), With(hello, arguments => arguments with { MemoryMb = 256 }), With(hello, arguments => arguments with { Vcpus = 2 }),
            With(hello, arguments => arguments with { Tags = ["a"] }), With(hello, arguments => arguments with { Hostname = "a" }), hello with { Prepare = false },
        ];
        Assert.Equal(others.Length + 2, others.Select(other => TemplateHash.Of(other, "x")).Append(TemplateHash.Of(hello, "x")).Append(TemplateHash.Of(hello, "y")).Distinct(StringComparer.Ordinal).Count());
    }

    private static OnDemandTemplate Hello() => new(new CreateInstance { Image = "hello" }, Prepare: true, null, null);

    private static OnDemandTemplate With(OnDemandTemplate wanted, Func<CreateInstance, CreateInstance> change) => wanted with { Arguments = change(wanted.Arguments) };

    private static Dictionary<string, string> Env(params IEnumerable<string> names) => names.ToDictionary(name => name, name => name, StringComparer.Ordinal);

    private static Task<Result<IReadOnlyList<InstanceView>>> CreateAsync(TestNode node, string name, int port) => node.Instances.CreateAsync(
        new CreateInstance { Name = name, OnDemand = Hello(), NewServiceGroup = TemplateTests.Port(port), Autostart = true, TimeoutS = -1 }, Cancel);
}
