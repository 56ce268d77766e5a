using Wisp.Machines;
using Wisp.Platform.Accounts;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Instances;

/// <summary>Instances that depend on others. They are cold, so that none waits for the boot snapshot of another.</summary>
public sealed class StartOrderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_it_depends_on_runs_before_it_is_begun_and_so_on()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        await MakeAsync(node, "disk");
        await MakeAsync(node, "db", "disk");
        var web = await MakeAsync(node, "web", "db");
        Assert.Equal((node.Find("db").Uuid, "db"), Assert.Single(web.Dependencies));
        Assert.Empty(node.Engine.Started);

        var start = node.Instances.StartAsync(ResourceRef.To("web"), TimeSpan.FromMinutes(1), Cancel);
        foreach (var (name, begun) in new[] { ("disk", 1), ("db", 2), ("web", 3) })
        {
            await node.UntilAsync(() => node.Engine.Started.Count == begun);
            Assert.Equal(name, node.Machine.Specification.Guest.Hostname);
            Assert.Equal((InstanceState.Starting, false), (node.Find("web").State, start.IsCompleted));
            node.Machine.Boot();
        }

        Assert.Equal(InstanceState.Running, (await start).Value.State);
        Assert.Equal((1, 1, 1), (node.Find("disk").StartCount, node.Find("db").StartCount, node.Find("web").StartCount));
    }

    [Fact]
    public async Task One_that_is_made_and_started_at_once_waits_for_them_too_and_says_so_when_the_time_is_up()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        await MakeAsync(node, "db");
        var made = node.Instances.CreateAsync(Request("web", "db") with { Autostart = true, TimeoutS = 5 }, Cancel);
        await node.UntilAsync(() => node.Engine.Started.Count == 1);
        await node.AdvanceUntilAsync(() => made.IsCompleted, TimeSpan.FromSeconds(1));
        Assert.Contains("It waits for 'db' to run, on which it depends.", (await made).Error!.Message, StringComparison.Ordinal);
        Assert.Equal(InstanceState.Starting, node.Find("web").State);
        node.Machine.Boot();
        await node.UntilAsync(() => node.Engine.Started.Count == 2);
        node.Machine.Boot();
        await node.UntilAsync("web", InstanceState.Running);
    }

    [Fact]
    public async Task One_that_does_not_come_up_fails_what_depends_on_it_and_is_named()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        await MakeAsync(node, "db");
        await MakeAsync(node, "web", "db");
        var start = node.Instances.StartAsync(ResourceRef.To("web"), null, Cancel);
        await node.UntilAsync(() => node.Engine.Started.Count == 1);
        node.Machine.End(new MachineExit(MachineExitCause.ApplicationExited, 3, null));
        Assert.Contains("'db', on which it depends, did not start: Instance 'db' ended before it was ready", (await start).Error!.Message, StringComparison.Ordinal);
        var web = node.Find("web");
        Assert.Equal((InstanceState.Stopped, 1), (web.State, node.Engine.Started.Count));
        Assert.Contains("'db', on which it depends", web.StopDetail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_whose_work_is_done_has_run()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        await MakeAsync(node, "migrate");
        await MakeAsync(node, "web", "migrate");
        var start = node.Instances.StartAsync(ResourceRef.To("web"), null, Cancel);
        await node.UntilAsync(() => node.Engine.Started.Count == 1);
        node.Machine.End(new MachineExit(MachineExitCause.ApplicationExited, 0, null));
        await node.UntilAsync(() => node.Engine.Started.Count == 2);
        node.Machine.Boot();
        Assert.Equal(InstanceState.Running, (await start).Value.State);
    }

    [Fact]
    public async Task One_that_is_stopped_while_it_waits_is_not_begun()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        await MakeAsync(node, "db");
        await MakeAsync(node, "web", "db");
        await node.Instances.StartAsync(ResourceRef.To("web"), TimeSpan.Zero, Cancel);
        await node.UntilAsync(() => node.Engine.Started.Count == 1);
        await node.Instances.StopAsync(ResourceRef.To("web"), new StopOptions(Force: false, TimeSpan.Zero, null), Cancel);
        Assert.Equal(InstanceState.Stopped, node.Find("web").State);
        node.Machine.Boot();
        await node.UntilAsync("db", InstanceState.Running);

        // Another start of it is one: the first is gone for good.
        var start = node.Instances.StartAsync(ResourceRef.To("web"), null, Cancel);
        await node.UntilAsync(() => node.Engine.Started.Count == 2);
        node.Machine.Boot();
        Assert.True((await start).IsSuccess);
        Assert.Equal((2, 2), (node.Engine.Started.Count, node.Find("web").StartCount));
    }

    [Fact]
    public async Task A_circle_is_refused_and_named_also_when_two_make_it_together()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await MakeAsync(node, "a");
        await MakeAsync(node, "b", "a");
        await MakeAsync(node, "c", "b");
        Assert.Equal("Instance 'a' cannot depend on 'c': a -> c -> b -> a is a circle.", (await DependAsync(node, "a", "c")).Error!.Message);
        Assert.Equal("Instance 'a' cannot depend on 'a': a -> a is a circle.", (await DependAsync(node, "a", "a")).Error!.Message);
        Assert.Empty(node.Find("a").Dependencies);

        await MakeAsync(node, "x");
        await MakeAsync(node, "y");
        var both = await Task.WhenAll(DependAsync(node, "x", "y"), DependAsync(node, "y", "x"));
        Assert.Single(both, done => done.IsSuccess);
        Assert.Single(both, done => done.Error?.Code == ErrorCode.InvalidValue);
    }

    [Fact]
    public async Task They_are_changed_one_by_one_and_outlive_the_daemon()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await MakeAsync(node, "a");
        await MakeAsync(node, "b");
        await MakeAsync(node, "web", "a", "A");
        Assert.Null((await DependAsync(node, "web", "b")).Error);
        await node.RestartAsync();
        Assert.Equal(["a", "b"], node.Find("web").Dependencies.Select(one => one.Name));
        Assert.Null((await node.Instances.ChangeAsync(ResourceRef.To("web"), new PropertyChange.RemoveDependencies([ResourceRef.To("a")]), Cancel)).Error);
        Assert.Equal(["b"], node.Find("web").Dependencies.Select(one => one.Name));
        Assert.Null((await node.Instances.ChangeAsync(ResourceRef.To("web"), new PropertyChange.SetDependencies([ResourceRef.To("a")]), Cancel)).Error);
        Assert.Equal(["a"], node.Find("web").Dependencies.Select(one => one.Name));
        Assert.Null((await node.Instances.ChangeAsync(ResourceRef.To("web"), new PropertyChange.RemoveDependencies(null), Cancel)).Error);
        Assert.Empty(node.Find("web").Dependencies);
    }

    [Fact]
    public async Task One_that_is_deleted_drops_out()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await MakeAsync(node, "db");
        await MakeAsync(node, "web", "db");
        Assert.True((await node.Instances.DeleteAsync(ResourceRef.To("db"), Cancel)).IsSuccess);
        Assert.Empty(node.Find("web").Dependencies);
        // Another of that name is another.
        await MakeAsync(node, "db");
        Assert.Empty(node.Find("web").Dependencies);
        Assert.Equal(InstanceState.Running, (await node.Instances.StartAsync(ResourceRef.To("web"), null, Cancel)).Value.State);
        Assert.Equal("web", Assert.Single(node.Engine.Started).Specification.Guest.Hostname);
    }

    [Fact]
    public async Task What_is_not_there_or_anothers_is_not_found()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await MakeAsync(node, "db");
        await MakeAsync(node, "web");
        Assert.Equal("No instance with name 'nothing'", (await node.Instances.CreateAsync(Request("other", "nothing"), Cancel)).Error!.Message);
        Assert.Equal(ErrorCode.NotFound, (await DependAsync(node, "web", "nothing")).Error!.Code);
        Assert.Equal(["db", "web"], node.Instances.List().Select(one => one.Name).Order(StringComparer.Ordinal));
        var account = (await node.Platform.Accounts.CreateAsync(Caller.Owner, "acme", AccountLimits.None, Cancel)).Value;
        var acme = node.Platform.For(new Caller(account.Uuid, "acme", Role.Write, null)).Instances;
        var anothers = Request("web") with { Dependencies = [ResourceRef.To(node.Find("db").Uuid)] };
        Assert.Equal(ErrorCode.NotFound, (await acme.CreateAsync(anothers, Cancel)).Error!.Code);
        Assert.Empty(acme.List());
    }

    private static CreateInstance Request(string name, params string[] on) =>
        new() { Name = name, Image = "hello", Cold = true, Dependencies = [.. on.Select(other => ResourceRef.To(other))] };

    private static async Task<InstanceView> MakeAsync(TestNode node, string name, params string[] on) =>
        (await node.Instances.CreateAsync(Request(name, on), Cancel)).Value.Single();

    private static Task<Result<InstanceView>> DependAsync(TestNode node, string name, string on) =>
        node.Instances.ChangeAsync(ResourceRef.To(name), new PropertyChange.AddDependencies([ResourceRef.To(on)]), Cancel);
}
