using Wisp.Snapshots.Tests.Support;

namespace Wisp.Snapshots.Tests;

public sealed class SnapshotStoreTests : IDisposable
{
    private readonly Workshop _workshop = new();

    [Fact]
    public async Task A_store_that_does_not_exist_is_made_for_its_owners_eyes_and_empty()
    {
        var store = await _workshop.OpenAsync();
        Assert.Empty(store.List());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_workshop.Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_workshop.Path));
        var unknown = await store.OpenAsync(Guid.NewGuid(), null, default);
        Assert.Equal(ErrorCode.NotFound, unknown.Error!.Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_snapshot_comes_back_as_it_was(bool restarted)
    {
        var store = await _workshop.OpenAsync();
        var now = _workshop.Time.GetUtcNow();
        var made = await _workshop.CommitAsync(store, SnapshotKind.Template, null, "a key", (3, 33), (5, 55));
        store = restarted ? await _workshop.OpenAsync() : store;

        var opened = (await store.OpenAsync(made.Uuid, Workshop.Compatibility, default)).Value;
        var expected = Workshop.Manifest(key: "a key") with { Uuid = made.Uuid, Kind = SnapshotKind.Template, CreatedAt = now };
        Assert.Equivalent(
            expected with { Metadata = null }, opened.Manifest with { Metadata = null, Files = expected.Files, Digest = "" }, strict: true);
        Assert.Equal("A=käse", opened.Manifest.Metadata!.Value.GetProperty("env")[0].GetString());
        Assert.Equal("state of devices", await File.ReadAllTextAsync(opened.DevicesPath));
        var memory = Pages.Read(Pages.MemoryBytes, opened.Layers);
        Assert.Equal((33, 55, 88), (memory[3], memory[5], memory.Sum(page => page)));
        Assert.Equal(new DirectoryInfo(opened.Directory).EnumerateFiles().Sum(file => file.Length), opened.OwnBytes);
        Assert.Equal(0, opened.SharedBytes);
    }

    [Fact]
    public async Task A_snapshot_of_a_clone_holds_only_what_the_clone_changed()
    {
        var store = await _workshop.OpenAsync();
        var below = await _workshop.CommitAsync(store, SnapshotKind.Boot, null, null, (0, 1), (1, 2), (2, 3));
        var above = await _workshop.CommitAsync(store, SnapshotKind.Hibernation, below, null, (1, 9), (4, 8));
        var opened = (await store.OpenAsync(above.Uuid, null, default)).Value;
        Assert.Equal([1, 9, 3, 0, 8], Pages.Read(Pages.MemoryBytes, opened.Layers)[..5]);
        Assert.Equal([below.Uuid, above.Uuid], opened.Manifest.Stack);
        Assert.Equal(2 * Pages.Size, new FileInfo(opened.Layers[1].Path).Length);
        Assert.Equal(3 * Pages.Size, opened.SharedBytes);
        Assert.Equal(opened.SharedBytes, store.Find(above.Uuid)!.SharedBytes);
        Assert.Equal(CopyMethod.None, opened.Manifest.CopiedBy);
        Assert.Equal([above.Uuid], store.References()[below.Uuid]);
        Assert.Empty(store.References()[above.Uuid]);
    }

    /// <summary>However long an instance's history is, what it is restored from is not.</summary>
    [Fact]
    public async Task A_stack_that_gets_long_is_folded_and_shows_the_same_memory()
    {
        var store = await _workshop.OpenAsync();
        var snapshot = await _workshop.CommitAsync(store, SnapshotKind.Boot, null, null, [.. Enumerable.Range(0, Pages.Count).Select(page => (page, (byte)200))]);
        var (bottom, memory) = (snapshot.Uuid, Enumerable.Repeat((byte)200, Pages.Count).ToArray());
        var deepest = 0;
        for (var step = 1; step <= 20; step++)
        {
            // A page that became zero is as good as any.
            var content = (byte)(step % 4 == 0 ? 0 : step);
            memory[step % 9] = memory[9 + (step % 5)] = content;
            snapshot = await _workshop.CommitAsync(store, SnapshotKind.Checkpoint, snapshot, null, (step % 9, content), (9 + (step % 5), content));
            var opened = (await (await _workshop.OpenAsync()).OpenAsync(snapshot.Uuid, null, default)).Value;
            Assert.Equal(memory, Pages.Read(Pages.MemoryBytes, opened.Layers));
            Assert.Equal(snapshot.Manifest.Stack, opened.Manifest.Stack);
            Assert.Equal(bottom, opened.Manifest.Stack[0]);
            Assert.Equal(opened.Manifest.CopiedBy == store.CopiesBy, opened.Layers.Count == 2 && step > 1);
            deepest = Math.Max(deepest, opened.Layers.Count);
        }

        Assert.Equal(SnapshotStore.MaximumDepth, deepest);
    }

    [Fact]
    public async Task The_newest_with_a_key_is_found_and_damaged_ones_are_not()
    {
        var store = await _workshop.OpenAsync();
        var old = await _workshop.CommitAsync(store, SnapshotKind.Boot, key: "image");
        var newest = await _workshop.CommitAsync(store, SnapshotKind.Boot, key: "image");
        await _workshop.CommitAsync(store, SnapshotKind.Boot, key: "other");
        Assert.Equal(newest.Uuid, store.FindByKey("image")!.Uuid);
        Assert.Null(store.FindByKey("Image"));

        File.Delete(newest.DevicesPath);
        Assert.Equal(old.Uuid, (await _workshop.OpenAsync()).FindByKey("image")!.Uuid);
    }

    [Fact]
    public async Task The_newest_comes_first()
    {
        var store = await _workshop.OpenAsync();
        var first = await _workshop.CommitAsync(store);
        var second = await _workshop.CommitAsync(store);
        Assert.Equal([second.Uuid, first.Uuid], store.List().Select(entry => entry.Uuid!.Value));
        Assert.Equal([second.Uuid, first.Uuid], (await _workshop.OpenAsync()).List().Select(entry => entry.Uuid!.Value));
    }

    /// <summary>What others may come to read: names and values do not change within a format.</summary>
    [Fact]
    public async Task The_manifest_is_plain_json()
    {
        var store = await _workshop.OpenAsync();
        var made = await _workshop.CommitAsync(store, SnapshotKind.Boot);
        var json = System.Text.Json.JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(made.Directory, "manifest.json")));
        Assert.Equal(
            [
                "format", "uuid", "kind", "created_at", "memory_bytes", "vcpus", "layers", "compatibility", "disk", "key", "parent", "source",
                "pause_us", "metadata", "copied_by", "files", "digest",
            ],
            json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(
            ["engine", "engine_version", "accelerator", "cpu", "machine", "kernel_sha256", "initramfs_sha256"],
            json.GetProperty("compatibility").EnumerateObject().Select(member => member.Name));
        Assert.Equal(("boot", "none", 1), (json.GetProperty("kind").GetString(), json.GetProperty("copied_by").GetString(), json.GetProperty("format").GetInt32()));
        Assert.Equal(["memory", "memory.index", "devices"], json.GetProperty("files").EnumerateObject().Select(member => member.Name));
        Assert.Equal(16, json.GetProperty("files").GetProperty("devices").GetProperty("bytes").GetInt64());
    }

    public static TheoryData<Compatibility, string> Others => new()
    {
        { Workshop.Compatibility with { Engine = "other" }, "engine is 'qemu' and 'other' is needed" },
        { Workshop.Compatibility with { EngineVersion = "8.0" }, "engine_version is '7.2.22' and '8.0' is needed" },
        { Workshop.Compatibility with { Accelerator = "kvm" }, "accelerator is 'tcg' and 'kvm' is needed" },
        { Workshop.Compatibility with { Cpu = "host" }, "cpu is 'max' and 'host' is needed" },
        { Workshop.Compatibility with { Machine = 2 }, "machine is '1' and '2' is needed" },
        { Workshop.Compatibility with { KernelSha256 = "cc" }, "kernel_sha256 is 'aaaa" },
        { Workshop.Compatibility with { InitramfsSha256 = "cc" }, "initramfs_sha256 is 'bbbb" },
    };

    [Theory]
    [MemberData(nameof(Others), DisableDiscoveryEnumeration = true)]
    public async Task One_that_was_made_for_another_machine_is_refused_by_name(Compatibility wanted, string difference)
    {
        var store = await _workshop.OpenAsync();
        var made = await _workshop.CommitAsync(store);
        var error = (await store.OpenAsync(made.Uuid, wanted, default)).Error!;
        Assert.Equal((ErrorCode.CannotBeUsed, "snapshot-incompatible"), (error.Code, error.Help));
        Assert.Contains(difference, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.NextStep);
    }

    [Fact]
    public async Task A_store_that_cannot_be_made_says_so()
    {
        await File.WriteAllTextAsync(_workshop.Path, "a file in its place");
        var error = (await SnapshotStore.OpenAsync(_workshop.Path, _workshop.Time, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, default)).Error!;
        Assert.Equal(ErrorCode.OperationFailed, error.Code);
        Assert.Contains(_workshop.Path, error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _workshop.Dispose();
}
