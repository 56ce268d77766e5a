using System.Text;
using Wisp.Snapshots.Tests.Support;

namespace Wisp.Snapshots.Tests;

/// <summary>What can happen to files, each done for real, to a snapshot's own and to those that it lies on.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly Workshop _workshop = new();

    public static TheoryData<string, string, bool, bool> Damages
    {
        get
        {
            var all = new TheoryData<string, string, bool, bool>();
            foreach (var file in (string[])["memory", "memory.index", "devices", "manifest.json"])
            {
                foreach (var damage in (string[])["flipped", "truncated", "longer", "missing"])
                {
                    foreach (var restarted in (bool[])[false, true])
                    {
                        all.Add(file, damage, false, restarted);
                        // Nobody asks for the devices of what lies below.
                        if (file != "devices")
                        {
                            all.Add(file, damage, true, restarted);
                        }
                    }
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Damage_is_found_before_anything_is_restored(string file, string damage, bool below, bool restarted)
    {
        var store = await _workshop.OpenAsync();
        var lower = await _workshop.CommitAsync(store);
        var upper = await _workshop.CommitAsync(store, on: lower);
        var other = await _workshop.CommitAsync(store);
        Assert.Null((await store.OpenAsync(upper.Uuid, null, default)).Error);
        var victim = below ? lower : upper;
        var path = Path.Combine(victim.Directory, file);
        Damage(path, damage);
        store = restarted ? await _workshop.OpenAsync() : store;

        var error = (await store.OpenAsync(upper.Uuid, Workshop.Compatibility, default)).Error!;
        Assert.Equal((ErrorCode.CannotBeUsed, "snapshot-damaged"), (error.Code, error.Help));
        Assert.Contains($"The file {file} of snapshot {victim.Uuid} ", error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.NextStep, StringComparison.Ordinal);
        // What shows without reading everything is in the list; the others are as they were.
        Assert.Equal(restarted && (damage != "flipped" || file == "manifest.json"), store.Find(upper.Uuid)!.Problem is not null);
        Assert.Null(store.Find(other.Uuid)!.Problem);
        Assert.Null((await store.OpenAsync(other.Uuid, null, default)).Error);
    }

    [Fact]
    public async Task Any_byte_of_a_manifest_may_be_the_one()
    {
        var store = await _workshop.OpenAsync();
        var made = await _workshop.CommitAsync(store);
        var path = Path.Combine(made.Directory, "manifest.json");
        for (var at = 0; at < new FileInfo(path).Length; at++)
        {
            Workshop.Flip(path, at, (byte)(1 << (at % 8)));
            var error = (await store.OpenAsync(made.Uuid, null, default)).Error;
            Assert.True(error?.Code == ErrorCode.CannotBeUsed, $"Byte {at}: {error}");
            Workshop.Flip(path, at, (byte)(1 << (at % 8)));
        }

        // Mended, it is used again without a restart.
        Assert.Null((await store.OpenAsync(made.Uuid, null, default)).Error);
    }

    [Theory]
    [InlineData("memory", 4096 + 17)]
    [InlineData("devices", 3)]
    public async Task What_is_mended_is_used_again(string file, long at)
    {
        var store = await _workshop.OpenAsync();
        var made = await _workshop.CommitAsync(store);
        Workshop.Flip(Path.Combine(made.Directory, file), at);
        Assert.NotNull((await store.OpenAsync(made.Uuid, null, default)).Error);
        Workshop.Flip(Path.Combine(made.Directory, file), at);
        Assert.Null((await store.OpenAsync(made.Uuid, null, default)).Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_layer_that_is_gone_is_missed_by_name(bool restarted)
    {
        var store = await _workshop.OpenAsync();
        var lower = await _workshop.CommitAsync(store);
        var upper = await _workshop.CommitAsync(store, on: lower);
        Directory.Delete(lower.Directory, recursive: true);
        store = restarted ? await _workshop.OpenAsync() : store;
        var error = (await store.OpenAsync(upper.Uuid, null, default)).Error!;
        Assert.Equal((ErrorCode.CannotBeUsed, "snapshot-damaged"), (error.Code, error.Help));
        Assert.Contains(lower.Uuid.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains(upper.Uuid.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Equal(restarted, store.Find(upper.Uuid)!.Problem is not null);
    }

    /// <summary>An older Wisp must not throw away what a newer one made, nor what that lies on.</summary>
    [Fact]
    public async Task A_newer_format_is_refused_and_kept_with_its_layers()
    {
        var store = await _workshop.OpenAsync();
        var lower = await _workshop.CommitAsync(store);
        var newer = Guid.NewGuid();
        var directory = Directory.CreateDirectory(Path.Combine(_workshop.Path, newer.ToString())).FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "manifest.json"), $$"""{"format":2,"layers":["{{lower.Uuid}}"],"kind":"unheard-of","memory_bytes":"many"}""");

        store = await _workshop.OpenAsync();
        var error = (await store.OpenAsync(newer, null, default)).Error!;
        Assert.Equal((ErrorCode.CannotBeUsed, "snapshot-incompatible"), (error.Code, error.Help));
        Assert.Contains("format 2", error.Message, StringComparison.Ordinal);
        Assert.Empty((await store.CollectAsync(() => new HashSet<Guid>(), default)).Value.Deleted);
        Assert.Equal(ErrorCode.Attached, (await store.DeleteAsync(lower.Uuid)).Error!.Code);
        Assert.Equal([newer], (await store.DeleteAsync(newer)).Value.Deleted);
        Assert.False(Directory.Exists(directory));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"format":1,"layers":null,"files":null}""")]
    public async Task A_manifest_that_makes_no_sense_is_listed_with_its_reason(string text)
    {
        var store = await _workshop.OpenAsync();
        var made = await _workshop.CommitAsync(store);
        await File.WriteAllTextAsync(Path.Combine(made.Directory, "manifest.json"), text);
        store = await _workshop.OpenAsync();
        Assert.Equal("snapshot-damaged", Assert.Single(store.List()).Problem!.Help);
        Assert.Equal([made.Uuid], (await store.DeleteAsync(made.Uuid)).Value.Deleted);
    }

    [Fact]
    public async Task A_copied_directory_is_not_another_snapshot()
    {
        var store = await _workshop.OpenAsync();
        var made = await _workshop.CommitAsync(store);
        var copy = Directory.CreateDirectory(Path.Combine(_workshop.Path, Guid.NewGuid().ToString())).FullName;
        foreach (var file in Directory.EnumerateFiles(made.Directory))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        store = await _workshop.OpenAsync();
        var problem = store.List().Single(entry => entry.Problem is not null).Problem!;
        Assert.Contains($"belongs to snapshot {made.Uuid}", problem.Message, StringComparison.Ordinal);
        Assert.Null(store.Find(made.Uuid)!.Problem);
    }

    [Fact]
    public async Task What_is_foreign_is_listed_and_left_alone()
    {
        var store = await _workshop.OpenAsync();
        var made = await _workshop.CommitAsync(store);
        Directory.CreateDirectory(Path.Combine(_workshop.Path, "lost+found"));
        await File.WriteAllTextAsync(Path.Combine(_workshop.Path, "notes.txt"), "mine");
        var capitals = Directory.CreateDirectory(Path.Combine(_workshop.Path, made.Uuid.ToString().ToUpperInvariant())).FullName;
        var file = Path.Combine(_workshop.Path, Guid.NewGuid().ToString());
        await File.WriteAllTextAsync(file, "named like a snapshot");

        store = await _workshop.OpenAsync();
        Assert.Equal(5, store.List().Count);
        Assert.Null(store.Find(made.Uuid)!.Problem);
        Assert.All(store.List().Where(entry => entry.Uuid != made.Uuid), entry => Assert.Contains(entry.Name, entry.Problem!.Message, StringComparison.Ordinal));
        Assert.Equal([made.Uuid], (await store.CollectAsync(() => new HashSet<Guid>(), default)).Value.Deleted);
        Assert.True(Directory.Exists(capitals));
        Assert.True(File.Exists(file));
        Assert.Equal(4, Directory.EnumerateFileSystemEntries(_workshop.Path).Count());
    }

    [Fact]
    public async Task What_a_crash_left_unfinished_is_gone_after_the_next_start()
    {
        var store = await _workshop.OpenAsync();
        var made = await _workshop.CommitAsync(store);
        _ = Workshop.Begin(store, SnapshotKind.Hibernation, null, (0, 1));
        var deleting = Directory.CreateDirectory(Path.Combine(_workshop.Path, $".gone-{Guid.NewGuid()}")).FullName;
        await File.WriteAllTextAsync(Path.Combine(deleting, "memory"), "half");
        await File.WriteAllTextAsync(Path.Combine(_workshop.Path, ".new-probe-1"), "");

        store = await _workshop.OpenAsync();
        Assert.Equal(made.Uuid, Assert.Single(store.List()).Uuid);
        Assert.Equal([made.Directory], Directory.EnumerateFileSystemEntries(_workshop.Path));
    }

    public void Dispose() => _workshop.Dispose();

    private static void Damage(string path, string damage)
    {
        switch (damage)
        {
            case "flipped":
                // In the middle of the index that is a length, in the manifest some text.
                Workshop.Flip(path, new FileInfo(path).Length / 2);
                break;
            case "truncated":
                using (var file = File.OpenWrite(path))
                {
                    file.SetLength(file.Length / 2);
                }

                break;
            case "longer":
                File.AppendAllText(path, "x", Encoding.ASCII);
                break;
            default:
                File.Delete(path);
                break;
        }
    }
}
