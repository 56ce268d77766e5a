using Microsoft.Extensions.Time.Testing;
using Wisp.Images.Tests.Support;

namespace Wisp.Images.Tests.Store;

public sealed class ImageStoreTests : IDisposable
{
    private const string First = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
    private const string Second = "sha256:2222222222222222222222222222222222222222222222222222222222222222";

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ImageStore _store;

    public ImageStoreTests() => _store = new ImageStore(StorePath, _time);

    private string StorePath => Path.Combine(_directory.Path, "images");

    [Fact]
    public async Task A_store_that_does_not_exist_is_empty()
    {
        Assert.Empty(await _store.ListAsync(default));
        Assert.Equal(ErrorCode.NotFound, (await _store.FindAsync("hello", default)).Error!.Code);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("hello:latest")]
    [InlineData("oci://hello:latest")]
    [InlineData("hello@" + First)]
    [InlineData("hello:latest@" + First)]
    public async Task An_image_is_found_by_each_of_its_references(string reference)
    {
        var added = await AddAsync("hello", "latest", First, "content");
        Assert.Equivalent(added, (await _store.FindAsync(reference, default)).Value, strict: true);
        Assert.Equal("content", await File.ReadAllTextAsync(added.RootFilesystem));
    }

    [Theory]
    [InlineData("hello:other")]
    [InlineData("other")]
    [InlineData("hello@" + Second)]
    public async Task Another_reference_finds_nothing_and_the_answer_names_it(string reference)
    {
        await AddAsync("hello", "latest", First, "content");
        var error = (await _store.FindAsync(reference, default)).Error!;
        Assert.Equal((ErrorCode.NotFound, "no-image"), (error.Code, error.Help));
        Assert.Contains(reference, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_reference_is_invalid() =>
        Assert.Equal(ErrorCode.InvalidValue, (await _store.FindAsync("../../etc", default)).Error!.Code);

    [Fact]
    public async Task An_image_that_is_removed_is_gone_with_its_tags_and_its_room()
    {
        var added = await AddAsync("hello", "latest", First, "content");
        await AddAsync("hello", "v1", First, "content");
        var other = await AddAsync("hello", "v2", Second, "other");
        Assert.True((await _store.RemoveAsync("hello", First, default)).IsSuccess);
        foreach (var reference in (string[])["hello", "hello:v1", "hello@" + First])
        {
            Assert.Equal(ErrorCode.NotFound, (await _store.FindAsync(reference, default)).Error!.Code);
        }

        Assert.False(File.Exists(added.RootFilesystem));
        Assert.Equal("other", await File.ReadAllTextAsync(other.RootFilesystem));
        Assert.Equal("v2", Assert.Single(await _store.ListAsync(default)).Tag);
    }

    [Fact]
    public async Task A_root_filesystem_stays_while_another_image_has_the_same()
    {
        await AddAsync("hello", "latest", First, "content");
        var other = await AddAsync("copy", "latest", Second, "content");
        Assert.True((await _store.RemoveAsync("hello", First, default)).IsSuccess);
        Assert.Equal("content", await File.ReadAllTextAsync((await _store.FindAsync("copy", default)).Value.RootFilesystem));
        Assert.True((await _store.RemoveAsync("copy", Second, default)).IsSuccess);
        Assert.False(File.Exists(other.RootFilesystem));
    }

    [Fact]
    public async Task A_tag_that_moved_on_outlives_what_it_was()
    {
        await AddAsync("hello", "latest", First, "old");
        await AddAsync("hello", "latest", Second, "new");
        Assert.True((await _store.RemoveAsync("hello", First, default)).IsSuccess);
        Assert.Equal(Second, (await _store.FindAsync("hello", default)).Value.Digest);
        Assert.Equal(ErrorCode.NotFound, (await _store.FindAsync("hello@" + First, default)).Error!.Code);
    }

    [Fact]
    public async Task Removing_what_is_not_there_is_success() => Assert.True((await _store.RemoveAsync("hello", First, default)).IsSuccess);

    [Fact]
    public async Task Adding_and_removing_at_once_leaves_no_record_without_its_room()
    {
        for (var i = 0; i < 20; i++)
        {
            await AddAsync("hello", "latest", First, "content");
            await Task.WhenAll(_store.RemoveAsync("hello", First, default), AddAsync("copy", "latest", Second, "content"));
            Assert.Equal("content", await File.ReadAllTextAsync((await _store.FindAsync("copy", default)).Value.RootFilesystem));
            await _store.RemoveAsync("copy", Second, default);
        }
    }

    [Fact]
    public async Task A_tag_that_moves_on_leaves_the_old_image_to_its_digest()
    {
        var old = await AddAsync("hello", "latest", First, "old");
        var now = await AddAsync("hello", "latest", Second, "new");
        Assert.Equal(now.Digest, (await _store.FindAsync("hello", default)).Value.Digest);
        Assert.Equal(old.RootFilesystem, (await _store.FindAsync("hello@" + First, default)).Value.RootFilesystem);
        Assert.Equal(Second, Assert.Single(await _store.ListAsync(default)).Digest);
    }

    [Fact]
    public async Task The_newest_comes_first()
    {
        await AddAsync("old", "latest", First, "a");
        _time.Advance(TimeSpan.FromSeconds(1));
        await AddAsync("new", "latest", Second, "b");
        Assert.Equal(["new", "old"], (await _store.ListAsync(default)).Select(image => image.Name));
    }

    [Fact]
    public async Task Equal_content_is_kept_once()
    {
        var first = await AddAsync("a", "latest", First, "same");
        var second = await AddAsync("b", "latest", Second, "same");
        Assert.Equal(first.RootFilesystem, second.RootFilesystem);
        Assert.Single(Directory.EnumerateFiles(Path.GetDirectoryName(first.RootFilesystem)!));
    }

    [Fact]
    public async Task The_configuration_comes_back_as_it_was()
    {
        var configuration = new ImageConfiguration { Cmd = ["sh", "-c", "echo 'käse'"], Env = ["A=1"], User = "app", StopSignal = "SIGINT" };
        await _store.AddAsync("hello", "latest", First, _directory.Write("fs", "x"), configuration, default);
        Assert.Equivalent(configuration, (await new ImageStore(StorePath, _time).FindAsync("hello", default)).Value.Configuration, strict: true);
    }

    /// <summary>Several processes write the same tag while others read it: every reader sees one whole image or another.</summary>
    [Fact]
    public async Task Concurrent_adds_never_show_half_an_image()
    {
        var sources = Enumerable.Range(0, 4).Select(number => _directory.Write($"fs{number}", new string((char)('a' + number), 200_000))).ToArray();
        await _store.AddAsync("hello", "latest", First, sources[0], new ImageConfiguration(), default);
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var round = 0; round < 15; round++)
            {
                var source = sources[(writer + round) % sources.Length];
                var added = await new ImageStore(StorePath, TimeProvider.System).AddAsync("hello", "latest", First, source, new ImageConfiguration(), default);
                Assert.Null(added.Error);
            }
        })).ToArray();
        var all = Task.WhenAll(writers);
        do
        {
            var found = (await _store.FindAsync("hello", default)).Value;
            var text = await File.ReadAllTextAsync(found.RootFilesystem);
            Assert.Equal((200_000, true), (text.Length, text.All(letter => letter == text[0])));
            Assert.Single(await _store.ListAsync(default));
        }
        while (!all.IsCompleted);
        await all;
        Assert.Equal(4, Directory.EnumerateFiles(Path.Combine(StorePath, "blobs", "sha256")).Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"name":"hello","tag":"latest"}""")]
    public async Task A_torn_record_is_no_image_and_does_not_hide_the_others(string text)
    {
        await AddAsync("hello", "latest", First, "a");
        var record = Assert.Single(Directory.EnumerateFiles(Path.Combine(StorePath, "refs"), "*.json"));
        await File.WriteAllTextAsync(record, text);
        await AddAsync("other", "latest", Second, "b");
        Assert.Equal(ErrorCode.NotFound, (await _store.FindAsync("hello", default)).Error!.Code);
        Assert.Equal("other", Assert.Single(await _store.ListAsync(default)).Name);
    }

    [Fact]
    public async Task A_torn_root_filesystem_is_no_image_and_adding_it_again_mends_it()
    {
        var added = await AddAsync("hello", "latest", First, "whole content");
        // In its place, not through the link to where it was made.
        File.Delete(added.RootFilesystem);
        await File.WriteAllTextAsync(added.RootFilesystem, "whole");
        Assert.Equal(ErrorCode.NotFound, (await _store.FindAsync("hello", default)).Error!.Code);

        await AddAsync("hello", "latest", First, "whole content");
        Assert.Equal("whole content", await File.ReadAllTextAsync((await _store.FindAsync("hello", default)).Value.RootFilesystem));
    }

    [Fact]
    public async Task An_image_outlives_the_file_it_was_made_of()
    {
        var added = await AddAsync("hello", "latest", First, "content");
        File.Delete(Path.Combine(_directory.Path, "fs"));
        Assert.Equal("content", await File.ReadAllTextAsync(added.RootFilesystem));
    }

    [Fact]
    public async Task A_store_that_cannot_be_written_says_so()
    {
        await File.WriteAllTextAsync(StorePath, "a file in its place");
        var added = await _store.AddAsync("hello", "latest", First, _directory.Write("fs", "x"), new ImageConfiguration(), default);
        Assert.Equal(ErrorCode.OperationFailed, added.Error!.Code);
        Assert.Contains(StorePath, added.Error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private async Task<StoredImage> AddAsync(string name, string tag, string digest, string content)
    {
        var file = Path.Combine(_directory.Path, "fs");
        File.Delete(file);
        await File.WriteAllTextAsync(file, content);
        return (await _store.AddAsync(name, tag, digest, file, new ImageConfiguration(), default)).Value;
    }
}
