using System.Formats.Tar;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests;

/// <summary>Backups of nodes that run, restored into others, and what is refused instead.</summary>
[Trait("needs", "vm")]
public sealed class BackupTests : IAsyncLifetime
{
    private static readonly string[] Lists = ["/v1/instances", "/v1/instances/templates", "/v1/instances/checkpoints", "/v1/services", "/v1/image-store"];

    private readonly string _directory = Directory.CreateTempSubdirectory("wisp-backup-").FullName;
    private readonly Wispd _source = new();
    private readonly Wispd _target = new();

    private string Backup => Path.Combine(_directory, "wisp.tar");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _target.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task What_a_running_node_knows_is_what_the_restored_one_knows()
    {
        await FurnishAsync();
        var before = await ShowAsync(_source);
        await RunAsync(_source, "backup", Backup, "--with", "images,snapshots");
        await RunAsync(_target, "restore", Backup);
        await _target.StartAsync();
        Assert.Equal(before, await ShowAsync(_target));
        // The same token, too, or no client would get in.
        Assert.Equal(await File.ReadAllTextAsync(_source.Data.TokenFile), await File.ReadAllTextAsync(_target.Data.TokenFile));
        Assert.Empty(Leftovers(_source).Concat(Leftovers(_target)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Backup));
    }

    [Fact]
    public async Task A_backup_is_of_one_moment_however_much_is_written_meanwhile()
    {
        await FurnishAsync();
        var (answered, stop) = (0, false);
        var writing = Task.Run(async () =>
        {
            while (!Volatile.Read(ref stop))
            {
                var number = Volatile.Read(ref answered) + 1;
                var item = await _source.ItemAsync(HttpMethod.Patch, "/v1/instances", string.Create(
                    CultureInfo.InvariantCulture, $$"""[{"name":"one","prop":"env","op":"add","value":{"N{{number}}":"{{number}}"} }]"""));
                Assert.Null(item["error"]);
                Volatile.Write(ref answered, number);
            }
        }, TestContext.Current.CancellationToken);
        for (var round = 0; round < 5; round++)
        {
            var least = Volatile.Read(ref answered);
            await RunAsync(_source, "backup", Backup);
            var most = Volatile.Read(ref answered) + 1;
            await RunAsync(_target, "restore", Backup, "--force");
            await _target.StartAsync();
            var found = (await _target.InstanceAsync("one"))["env"]!.AsObject().Where(member => member.Key.StartsWith('N')).ToArray();
            Assert.InRange(found.Length, least, most);
            Assert.Equal(Enumerable.Range(1, found.Length).Select(number => $"N{number}"), found.Select(member => member.Key).OrderBy(key => int.Parse(key[1..], CultureInfo.InvariantCulture)));
            await RunAsync(_target, "down");
        }

        Volatile.Write(ref stop, true);
        await writing;
    }

    [Fact]
    public async Task A_node_that_is_served_or_holds_something_is_not_restored_into()
    {
        await FurnishAsync();
        await RunAsync(_source, "backup", Backup);
        await RefuseAsync(_source, Backup, "A wispd already serves");
        await RefuseAsync(_source, Backup, "A wispd already serves", "--force");
        await _source.KillAsync();
        await RefuseAsync(_source, Backup, "may still run", "--force");
        await RunAsync(_source, "down");
        await RefuseAsync(_source, Backup, "holds a node already");
        await RunAsync(_source, "restore", Backup, "--force");
        await RefuseAsync(_target, Backup + ".not", "There is no backup");
        var nothing = await _target.RunOnceAsync("backup", Backup, "--data-dir", Path.Combine(_directory, "nothing"));
        Assert.Contains("has no state to back up", nothing.Stderr, StringComparison.Ordinal);
        var unknown = await _source.RunOnceAsync("backup", Backup, "--with", "everything", "--data-dir", _source.Data.Root);
        Assert.Contains("'everything' is nothing that a backup can take along", unknown.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Directories_that_are_disks_of_their_own_are_restored_into_and_what_was_in_them_is_replaced()
    {
        await FurnishAsync();
        await RunAsync(_source, "backup", Backup, "--with", "images,snapshots");
        await using var instances = await TinyDisk.MountAsync(Directory.CreateDirectory(_target.Data.Instances).FullName, 16);
        await using var snapshots = await TinyDisk.MountAsync(Directory.CreateDirectory(_target.Data.Snapshots).FullName, 64);
        await using var images = await TinyDisk.MountAsync(Directory.CreateDirectory(_target.Data.Images).FullName, 64);
        // Such a disk is not a node that is there already.
        Directory.CreateDirectory(Path.Combine(_target.Data.Snapshots, "lost+found"));
        await RunAsync(_target, "restore", Backup);
        var restored = Contents(_target);
        var stale = Directory.CreateDirectory(Path.Combine(_target.Data.Snapshots, "stale")).FullName;
        await File.WriteAllTextAsync(Path.Combine(stale, "memory"), "old");
        await RunAsync(_target, "restore", Backup, "--force");
        Assert.Equal(restored, Contents(_target));
        Assert.True(File.Exists(_target.Data.StateDatabase));
        Assert.NotEmpty(Directory.EnumerateFiles(_target.Data.Images, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task One_that_is_torn_or_was_changed_is_refused_and_nothing_is_touched()
    {
        await FurnishAsync();
        await RunAsync(_source, "backup", Backup, "--with", "images");
        var whole = await File.ReadAllBytesAsync(Backup);
        var torn = Path.Combine(_directory, "torn.tar");
        var random = new Random(1);
        foreach (var length in (int[])[0, 1, 511, 512, 513, whole.Length / 2, whole.Length - 1024 - 512, .. Enumerable.Range(0, 5).Select(_ => random.Next(whole.Length - 2048))])
        {
            await File.WriteAllBytesAsync(torn, whole[..length]);
            await RefuseAsync(_target, torn, "is torn, or not a backup of Wisp");
        }

        // A byte in the middle of the state is another.
        var changed = whole.ToArray();
        var state = changed.AsSpan().IndexOf("SQLite format 3"u8);
        changed[state + 5000] ^= 1;
        await File.WriteAllBytesAsync(torn, changed);
        await RefuseAsync(_target, torn, "'state.db' is missing or not as it was written");

        await File.WriteAllTextAsync(torn, "A letter to a friend.");
        await RefuseAsync(_target, torn, "is torn, or not a backup of Wisp");
        await RewriteAsync(torn, _ => []);
        await RefuseAsync(_target, torn, "Its manifest is missing");
        await RewriteAsync(torn, WithoutFiles, only: "manifest.json");
        await RefuseAsync(_target, torn, "It has no state");
        await RewriteAsync(torn, manifest => manifest, extra: "instances/../../evil");
        await RefuseAsync(_target, torn, "'instances/../../evil' does not belong into one");
        Assert.False(File.Exists(_target.Data.StateDatabase));
    }

    [Fact]
    public async Task One_that_is_refused_leaves_no_directory_that_was_not_there()
    {
        var letter = Path.Combine(_directory, "letter");
        await File.WriteAllTextAsync(letter, "A letter to a friend.");
        foreach (var there in (string[])["", "new", "new/images", "new/instances/mine"])
        {
            var parent = Path.Combine(_directory, $"parent-{there.Replace('/', '-')}");
            Directory.CreateDirectory(Path.Combine(parent, there));
            var ran = await _target.RunOnceAsync("restore", letter, "--data-dir", Path.Combine(parent, "new"), "--force");
            Assert.Contains("is torn, or not a backup of Wisp", ran.Stderr, StringComparison.Ordinal);
            Assert.Equal(
                there.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate((Paths: Array.Empty<string>(), At: parent), (all, name) => ([.. all.Paths, Path.Combine(all.At, name)], Path.Combine(all.At, name))).Paths,
                Directory.EnumerateFileSystemEntries(parent, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData("schema")]
    [InlineData("format")]
    public async Task One_of_a_newer_version_is_refused_with_both_versions(string member)
    {
        await FurnishAsync();
        await RunAsync(_source, "backup", Backup);
        var newer = Path.Combine(_directory, "newer.tar");
        await RewriteAsync(newer, manifest =>
        {
            manifest[member] = 1000;
            return manifest;
        });
        await RefuseAsync(_target, newer, "was made by a newer Wisp");
    }

    [Fact]
    public async Task A_machine_that_sleeps_deeply_goes_on_where_the_backup_has_it()
    {
        await Node.BuildAsync(_source, "hello");
        await _source.StartAsync();
        var port = Ports.Free();
        await _source.RunAsync("kept", "hello", port, cooldown: 86_400_000);
        using var client = new HttpClient();
        await CountAsync(client, port, 1);
        await RunAsync(_source, "down");
        await RunAsync(_source, "backup", Backup, "--with", "images,snapshots");
        // It goes on, and what it does is what is given up.
        await _source.StartAsync();
        await CountAsync(client, port, 2);
        await CountAsync(client, port, 3);
        await RunAsync(_source, "down");
        await RunAsync(_source, "restore", Backup, "--force");
        await _source.StartAsync();
        await CountAsync(client, port, 2);
        // That is where the addresses are now, so nobody else can have them.
        Assert.Contains("Another node of this host has the subnet", (await _target.RunOnceAsync("restore", Backup, "--data-dir", _target.Data.Root)).Stdout, StringComparison.Ordinal);
        await RunAsync(_source, "down");
        // On another host it would go on in any directory.
        await RunAsync(_target, "restore", Backup, "--force");
        await _target.StartAsync();
        await CountAsync(client, port, 2);
    }

    private static async Task CountAsync(HttpClient client, int port, int expected) =>
        Assert.Equal($"{expected}", (await client.GetStringAsync($"http://127.0.0.1:{port}/count", TestContext.Current.CancellationToken)).Trim());

    private async Task FurnishAsync()
    {
        await HollowImage.AddAsync(_source);
        await _source.StartAsync();
        await MakeAsync("/v1/services", """{"name":"group","services":[{"port":8000,"ip":"127.79.1.1"}],"domains":[{"name":"a.example."}],"soft_limit":3}""");
        await MakeAsync("/v1/instances", """{"name":"one","image":"hollow","env":{"A":"1"},"tags":["a"],"annotations":{"b":"c"},"service_group":{"name":"group"},"schedules":[{"name":"on","when":"2099-01-01","action":"start"}]}""");
        await MakeAsync("/v1/instances", """{"name":"two","image":"hollow"}""");
        await MakeAsync("/v1/instances/templates", """[{"name":"two","timeout_s":20}]""");
        await MakeAsync("/v1/instances/checkpoints", """[{"from":{"name":"one"},"name":"three","timeout_s":20}]""");
    }

    private async Task MakeAsync(string path, string body)
    {
        var answer = await _source.CallAsync(HttpMethod.Post, path, body);
        Assert.True(answer["status"]!.GetValue<string>() == "success", answer.ToJsonString());
    }

    private static async Task<IReadOnlyList<string>> ShowAsync(Wispd wispd)
    {
        var items = new List<string>();
        foreach (var list in Lists)
        {
            items.AddRange((await wispd.ListAsync(list)).Select(item =>
            {
                // Each node has a network of its own.
                foreach (var member in (string[])["private_ip", "network_interfaces", "gateway", "nameserver"])
                {
                    item.Remove(member);
                }

                return item.ToJsonString();
            }));
        }

        return items;
    }

    private static async Task RunAsync(Wispd wispd, string command, params string[] arguments)
    {
        var ran = await wispd.RunOnceAsync([command, .. arguments, "--data-dir", wispd.Data.Root]);
        Assert.True(ran.Ok, $"{command}: {ran.Stdout}{ran.Stderr}");
    }

    private static async Task RefuseAsync(Wispd wispd, string file, string why, params string[] arguments)
    {
        var before = Contents(wispd);
        var ran = await wispd.RunOnceAsync(["restore", file, .. arguments, "--data-dir", wispd.Data.Root]);
        Assert.False(ran.Ok);
        Assert.Contains(why, ran.Stderr, StringComparison.Ordinal);
        Assert.Equal(before, Contents(wispd));
    }

    private static string[] Contents(Wispd wispd) =>
        [.. Directory.EnumerateFiles(wispd.Data.Root, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "wispd.lock" && !file.EndsWith("-shm", StringComparison.Ordinal) && !file.StartsWith(wispd.Data.Vmms, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Leftovers(Wispd wispd) =>
        Directory.EnumerateDirectories(wispd.Data.Root).Select(Path.GetFileName).Where(name => name!.StartsWith("backup-", StringComparison.Ordinal) || name.StartsWith("restore-", StringComparison.Ordinal))!;

    // The backup with another manifest, or with one file more.
    private static JsonObject WithoutFiles(JsonObject manifest)
    {
        manifest["files"] = new JsonArray();
        return manifest;
    }

    private async Task RewriteAsync(string to, Func<JsonObject, JsonObject> change, string? extra = null, string? only = null)
    {
        await using var reader = new TarReader(File.OpenRead(Backup));
        await using var writer = new TarWriter(File.Create(to));
        while (await reader.GetNextEntryAsync(copyData: true) is { } entry)
        {
            if (only is not null && entry.Name != only)
            {
                continue;
            }

            var copy = new PaxTarEntry(TarEntryType.RegularFile, entry.Name) { DataStream = entry.DataStream, Mode = entry.Mode };
            if (entry.Name == "manifest.json")
            {
                copy.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(change((await JsonNode.ParseAsync(entry.DataStream!))!.AsObject()).ToJsonString()));
            }

            await writer.WriteEntryAsync(copy);
        }

        if (extra is not null)
        {
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, extra) { DataStream = new MemoryStream("evil"u8.ToArray()) });
        }
    }
}
