using System.Text;
using System.Text.Json.Nodes;
using Wisp.Platform.Accounts;
using Wisp.Platform.Instances;
using Wisp.State;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Accounts;

/// <summary>Accounts and tokens as the store keeps them.</summary>
public sealed class AccountTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_named_by_an_earlier_rule_keeps_its_name_and_is_found()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published() with { Autostart = false }, Cancel);
        foreach (var entry in await node.Store.ListAsync("instances/", Cancel))
        {
            var document = JsonNode.Parse(entry.Value.Span)!.AsObject();
            document["name"] = "my_web";
            await node.Store.CommitAsync([new StateChange(entry.Key, Encoding.UTF8.GetBytes(document.ToJsonString()))], Cancel);
        }

        await node.RestartAsync();
        Assert.True((await node.Instances.StartAsync(ResourceRef.To("My_Web"), TimeSpan.Zero, Cancel)).IsSuccess);
        await node.UntilAsync("my_web", InstanceState.Running);
        var copy = (await node.Frozen.CheckpointAsync(new() { From = ResourceRef.To("my_web"), Wait = null }, Cancel)).Value;
        Assert.StartsWith("my-web-", copy.Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_made_before_there_were_accounts_is_the_node_s_own()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published() with { Autostart = false }, Cancel);
        await node.Frozen.CheckpointAsync(new() { From = ResourceRef.To("web"), Name = "point", Wait = null }, Cancel);
        // As the version before wrote it.
        foreach (var entry in await node.Store.ListAsync("", Cancel))
        {
            var document = JsonNode.Parse(entry.Value.Span)!.AsObject();
            Assert.Equal(!entry.Key.StartsWith("frozen/", StringComparison.Ordinal), document.Remove("account"));
            document["source"]?.AsObject().Remove("account");
            await node.Store.CommitAsync([new StateChange(entry.Key, Encoding.UTF8.GetBytes(document.ToJsonString()))], Cancel);
        }

        foreach (var entry in await node.Store.ListAsync("audit/", Cancel))
        {
            await node.Store.CommitAsync([new StateChange(entry.Key, null)], Cancel);
        }

        await node.RestartAsync();
        Assert.Equal("web", Assert.Single(node.Instances.List()).Name);
        Assert.Single(node.Services.List());
        Assert.Equal("point", Assert.Single(node.Frozen.List(Platform.Frozen.FrozenKind.Checkpoint)).Name);
        var other = node.Platform.For(new Caller(Guid.NewGuid(), "other", Role.Write, null));
        Assert.Empty(other.Instances.List());
        Assert.Empty(other.Services.List());
        Assert.Empty(other.Frozen.List(Platform.Frozen.FrozenKind.Checkpoint));
    }

    [Fact]
    public async Task Accounts_tokens_and_what_belongs_to_them_outlive_the_daemon()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        var (caller, secret) = await AddAsync(node, "acme");
        await node.Platform.For(caller).Instances.CreateAsync(new CreateInstance { Image = "hello", Name = "web" }, Cancel);
        var gone = (await node.Platform.Accounts.CreateTokenAsync(Caller.Owner, new CreateToken(ResourceRef.To("acme"), Role.Read, null, null), Cancel)).Value;
        await node.Platform.Accounts.RevokeTokenAsync(Caller.Owner, gone.View.Token.Id, withChildren: false, Cancel);
        await node.RestartAsync();
        Assert.Equal(caller, node.Platform.Accounts.Authenticate(secret).Value);
        Assert.Equal(ErrorCode.NotAllowed, node.Platform.Accounts.Authenticate(gone.Secret).Error?.Code);
        Assert.Equal("web", Assert.Single(node.Platform.For(caller).Instances.List()).Name);
        Assert.Empty(node.Instances.List());
    }

    [Fact]
    public async Task The_secret_of_a_token_is_nowhere_on_the_disk()
    {
        var directory = Directory.CreateTempSubdirectory("wisp-accounts-");
        var store = (await SqliteStateStore.OpenAsync(Path.Combine(directory.FullName, "state.db"), Cancel)).Value;
        var node = await TestNode.StartAsync(Cancel);
        try
        {
            node.Durable = store;
            await node.RestartAsync();
            var (_, secret) = await AddAsync(node, "acme");
            Assert.True(node.Platform.Accounts.Authenticate(secret).IsSuccess);
            // Before and after the log is written back into the database.
            AssertNowhere(secret, directory.FullName, node.InstancesDirectory);
            await node.Platform.DisposeAsync();
            await store.DisposeAsync();
            AssertNowhere(secret, directory.FullName, node.InstancesDirectory);
            node.Durable = store = (await SqliteStateStore.OpenAsync(Path.Combine(directory.FullName, "state.db"), Cancel)).Value;
            await node.RestartAsync();
            Assert.True(node.Platform.Accounts.Authenticate(secret).IsSuccess);
        }
        finally
        {
            await node.DisposeAsync();
            await store.DisposeAsync();
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task What_one_account_booted_no_other_goes_on_from()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        var (one, _) = await AddAsync(node, "one");
        var (two, _) = await AddAsync(node, "two");
        foreach (var (caller, name) in ((Caller, string)[])[(one, "a"), (two, "b"), (one, "c")])
        {
            var made = await node.Platform.For(caller).Instances.CreateAsync(TestNode.Published() with { Name = name, TimeoutS = -1, NewServiceGroup = null, ScaleToZero = null }, Cancel);
            Assert.True(made.IsSuccess, made.Error?.ToString());
            await node.AdvanceUntilAsync(() => node.Snapshots.List().Count == (name == "a" ? 1 : 2), TimeSpan.FromSeconds(1));
        }

        Assert.Equal((2, 1), (node.Engine.Started.Count - node.Engine.Restored.Count, node.Engine.Restored.Count));
    }

    [Fact]
    public async Task What_a_token_made_goes_with_it_when_that_is_said_and_else_is_counted()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        var accounts = node.Platform.Accounts;
        var (first, _) = await AddAsync(node, "acme");
        async Task<Caller> MakeAsync(Caller by) => accounts.Authenticate(
            (await accounts.CreateTokenAsync(by, new CreateToken(ResourceRef.To("acme"), Role.Write, null, null), Cancel)).Value.Secret).Value;
        var second = await MakeAsync(first);
        var third = await MakeAsync(second);
        var fourth = await MakeAsync(third);
        var other = await MakeAsync(Caller.Owner);
        // One from the middle: what it made is not lost sight of, by the next daemon either.
        var revoked = (await accounts.RevokeTokenAsync(other, second.Token!, withChildren: false, Cancel)).Value;
        Assert.Equal((2, second.Token), (revoked.Left, Assert.Single(revoked.Tokens).Token.Id));
        await node.RestartAsync();
        accounts = node.Platform.Accounts;
        Assert.Equal(first.Token, accounts.Tokens(Caller.Owner, null).Value.Single(view => view.Token.Id == third.Token).Token.MadeBy);
        revoked = (await accounts.RevokeTokenAsync(other, first.Token!, withChildren: true, Cancel)).Value;
        Assert.Equal(0, revoked.Left);
        Assert.Equal([first.Token, third.Token, fourth.Token], revoked.Tokens.Select(view => view.Token.Id));
        Assert.Equal([other.Token], accounts.Tokens(Caller.Owner, null).Value.Select(view => view.Token.Id));
        await node.RestartAsync();
        Assert.Equal([other.Token], node.Platform.Accounts.Tokens(Caller.Owner, null).Value.Select(view => view.Token.Id));
    }

    [Fact]
    public async Task A_store_that_refuses_adds_nobody_and_revokes_nothing()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        var (_, secret) = await AddAsync(node, "acme");
        node.Store.Refuse = new WispError(ErrorCode.OperationFailed, "No room.");
        var accounts = node.Platform.Accounts;
        Assert.False((await accounts.CreateAsync(Caller.Owner, "other", AccountLimits.None, Cancel)).IsSuccess);
        Assert.False((await accounts.CreateTokenAsync(Caller.Owner, new CreateToken(ResourceRef.To("acme"), Role.Read, null, null), Cancel)).IsSuccess);
        Assert.False((await accounts.RevokeTokenAsync(Caller.Owner, Assert.Single(accounts.Tokens(Caller.Owner, null).Value).Token.Id, withChildren: false, Cancel)).IsSuccess);
        Assert.False((await accounts.DeleteAsync(Caller.Owner, ResourceRef.To("acme"), Cancel)).IsSuccess);
        Assert.Equal(["default", "acme"], accounts.List().Select(account => account.Name));
        Assert.True(accounts.Authenticate(secret).IsSuccess);
    }

    private static async Task<(Caller Caller, string Secret)> AddAsync(TestNode node, string name)
    {
        Assert.True((await node.Platform.Accounts.CreateAsync(Caller.Owner, name, AccountLimits.None, Cancel)).IsSuccess);
        var made = (await node.Platform.Accounts.CreateTokenAsync(Caller.Owner, new CreateToken(ResourceRef.To(name), Role.Write, null, null), Cancel)).Value;
        return (node.Platform.Accounts.Authenticate(made.Secret).Value, made.Secret);
    }

    private static void AssertNowhere(string secret, params IReadOnlyList<string> directories)
    {
        // The last part alone would do for a thief.
        var bytes = Encoding.UTF8.GetBytes(secret[(secret.LastIndexOf('_') + 1)..]);
        var files = directories.SelectMany(directory => Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)).ToArray();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            using var opened = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var copy = new MemoryStream();
            opened.CopyTo(copy);
            Assert.True(copy.ToArray().AsSpan().IndexOf(bytes) < 0, file);
        }
    }
}
