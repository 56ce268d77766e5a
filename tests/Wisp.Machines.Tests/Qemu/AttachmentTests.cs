using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Wisp.Machines.Qemu;
using Wisp.Machines.Qemu.Memory;
using Wisp.Machines.Qemu.Vmms;
using Wisp.Machines.Tests.Support;
using Wisp.Snapshots.Memory;

namespace Wisp.Machines.Tests.Qemu;

/// <summary>A real VMM without a guest, and wisp-preload in it.</summary>
public sealed class AttachmentTests : IAsyncLifetime
{
    private const int Page = 4096;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    private VmmLab _lab = null!;
    private Vmm _vmm = null!;
    private ulong _address;

    public async ValueTask InitializeAsync()
    {
        _lab = new VmmLab();
        _vmm = await _lab.StartAsync();
    }

    [Fact]
    public async Task Ram_is_laid_onto_layers_and_what_none_covers_is_zero()
    {
        var below = new MemoryLayer(_lab.WritePages("below", 1, 2, 3, 4), [new MemoryExtent(0, 3 * Page, 0), new MemoryExtent(64 << 20, Page, 3 * Page)]);
        var above = new MemoryLayer(_lab.WritePages("above", 5), [new MemoryExtent(Page, Page, 0)]);
        using var ram = await AttachAsync(below, above);
        Assert.Equal([1, 5, 3, 0], Read(ram, 0, 4));
        Assert.Equal([0, 4, 0], Read(ram, (64 << 20) - Page, 3));
        Assert.Empty(ram.Written(PageScan.All));
        // The VMM may not write to the files, nor see their other pages.
        Assert.Equal(2, File.ReadAllBytes(below.Path)[Page]);
    }

    [Fact]
    public async Task What_is_written_shows_as_the_machines_own_and_what_is_written_again_while_it_is_watched()
    {
        var layer = new MemoryLayer(_lab.WritePages("layer", 1, 2, 3, 4, 5, 6, 7, 8), [new MemoryExtent(0, 8 * Page, 0)]);
        using var ram = await AttachAsync(layer);
        var start = _address;
        Write(start + Page);
        Assert.Equal([Range(1)], ram.Written(PageScan.All));
        if ((await PreloadVerb.RunAsync(_vmm.Connection.Qmp, "track", Timeout, default)).Error is { } error)
        {
            Assert.Skip($"This kernel cannot watch: {error}");
        }

        // Asking again for what is so already is no failure.
        Assert.Null((await PreloadVerb.RunAsync(_vmm.Connection.Qmp, "track", Timeout, default)).Error);
        Assert.Equal([Range(1)], ram.Written(PageScan.AllAndWatch));
        Assert.Empty(ram.Written(PageScan.Rewritten));
        // One from the file, one that nothing covers, and one that is watched.
        Write(start + (3 * Page));
        Write(start + (20 * Page));
        Assert.Equal([Range(3), Range(20)], ram.Written(PageScan.Rewritten));
        Write(start + Page);
        Assert.Equal([Range(1), Range(3), Range(20)], ram.Written(PageScan.Rewritten));
        Assert.Null((await PreloadVerb.RunAsync(_vmm.Connection.Qmp, "untrack", Timeout, default)).Error);
        Assert.Null((await PreloadVerb.RunAsync(_vmm.Connection.Qmp, "untrack", Timeout, default)).Error);
        Assert.Equal([Range(1), Range(3), Range(20)], ram.Written(PageScan.All));
    }

    [Fact]
    public async Task Files_are_put_in_their_places_and_the_console_where_it_was_opened()
    {
        using var console = ConsoleFile.OpenToAppend(_lab.At("console.log"));
        using var disk = File.OpenHandle(_lab.WritePages("disk", 1));
        await PlaceAsync((Attachment.ConsolePlace, console), (Attachment.DiskPlace, disk));
        Assert.Single(Descriptors(), pair => pair.Target == _lab.At("console.log"));
        Assert.Contains((Attachment.DiskPlace, _lab.At("disk")), Descriptors());
    }

    /// <summary>So many come in that some of them do so at the numbers that are places.</summary>
    [Fact]
    public async Task As_many_layers_as_there_may_be_do_not_get_into_the_way_of_the_places()
    {
        var layers = Enumerable.Range(0, Attachment.MostLayers)
            .Select(i => new MemoryLayer(_lab.WritePages($"layer{i}", (byte)i), [new MemoryExtent((long)i * Page, Page, 0)])).ToArray();
        using var disk = File.OpenHandle(_lab.WritePages("disk", 1));
        using var devices = File.OpenHandle(_lab.WritePages("devices", 1));
        var before = Descriptors().Count;
        using var ram = await AttachAsync(layers, (Attachment.DiskPlace, disk), (Attachment.DevicesPlace, devices));
        Assert.Equal(Enumerable.Range(0, layers.Length).Select(i => (byte)i), Read(ram, 0, layers.Length));
        Assert.Equal((_lab.At("disk"), _lab.At("devices")), (Descriptors().Single(pair => pair.Number == Attachment.DiskPlace).Target, Descriptors().Single(pair => pair.Number == Attachment.DevicesPlace).Target));
        Assert.Equal(before + 2, Descriptors().Count);
    }

    [Fact]
    public async Task Attaching_again_and_again_leaves_no_descriptors_on_either_side()
    {
        var layer = new MemoryLayer(_lab.WritePages("layer", 1), [new MemoryExtent(0, Page, 0)]);
        using var disk = File.OpenHandle(_lab.WritePages("disk", 1));
        await AttachAsync([layer], (Attachment.DiskPlace, disk)).ContinueWith(attached => attached.Dispose(), TaskScheduler.Default);
        var theirs = Descriptors().Count;
        for (var i = 0; i < 200; i++)
        {
            (await AttachAsync([layer], (Attachment.DiskPlace, disk))).Dispose();
        }

        Assert.Equal(theirs, Descriptors().Count);
        // Only the test's own: the layer was closed each time.
        Assert.Equal([_lab.At("disk")], Directory.EnumerateFiles("/proc/self/fd").Select(Target).Where(target => target.StartsWith(_lab.Root, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_layer_that_is_not_there_is_named_and_nothing_is_changed()
    {
        using (await AttachAsync(new MemoryLayer(_lab.WritePages("layer", 9), [new MemoryExtent(0, Page, 0)])))
        {
            var gone = new MemoryLayer(_lab.At("gone"), [new MemoryExtent(0, Page, 0)]);
            var exception = await Assert.ThrowsAsync<FileNotFoundException>(() => AttachAsync(gone));
            Assert.Contains(_lab.At("gone"), exception.Message, StringComparison.Ordinal);
        }

        using var ram = await AttachAsync();
        Assert.Equal([9], Read(ram, 0, 1));
    }

    [Fact]
    public async Task A_run_beyond_ram_is_refused()
    {
        var layer = new MemoryLayer(_lab.WritePages("layer", 1), [new MemoryExtent(VmmLab.Shape.MemoryMib * 1024L * 1024, Page, 0)]);
        var map = MemoryMap.Compose(1L << 40, [layer]);
        var error = (await _vmm.Attachment!.AttachAsync(_vmm.Connection.Qmp, map, [], Timeout, default)).Error!;
        Assert.Contains("Invalid argument", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A message that is none, with descriptors, which must not stay open; and none at all, for which QEMU must not wait.</summary>
    [Theory]
    [InlineData(48, "Protocol error")]
    [InlineData(5, "Protocol error")]
    [InlineData(200, "Protocol error")]
    [InlineData(0, "Resource temporarily unavailable")]
    public async Task A_message_that_is_none_is_refused_in_words(int length, string words)
    {
        var (ours, theirs) = Wisp.Machines.Qmp.Descriptors.Pair();
        using (ours)
        {
            int number;
            using (theirs)
            {
                number = (await _vmm.Connection.Qmp.ExecuteAsync("add-fd", null, theirs, Timeout, default)).Value.GetProperty("fd").GetInt32();
            }

            using var file = File.OpenHandle(_lab.WritePages("file", 1));
            if (length > 0)
            {
                Wisp.Machines.Qmp.Descriptors.Send(ours.SafeHandle, new byte[length], [(int)file.DangerousGetHandle()]);
            }

            var refused = await PreloadVerb.RunAsync(_vmm.Connection.Qmp, $"attach/{number}", Timeout, default);
            Assert.Contains(words, refused.Error!.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(_lab.At("file"), Descriptors().Select(pair => pair.Target));
        }

        using var ram = await AttachAsync();
        Assert.Equal([0], Read(ram, 0, 1));
    }

    [Fact]
    public async Task A_verb_that_there_is_not_is_refused() =>
        Assert.Contains("No such file or directory", (await PreloadVerb.RunAsync(_vmm.Connection.Qmp, "dance", Timeout, default)).Error!.Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_vmm_that_is_dead_is_an_error_and_no_exception()
    {
        await _vmm.Process.EndAsync(TimeProvider.System);
        Assert.Equal(ErrorCode.OperationFailed, (await _vmm.Attachment!.AttachAsync(_vmm.Connection.Qmp, null, [], Timeout, default)).Error!.Code);
    }

    /// <summary>Given up before it has begun, it leaves no message behind that the next one would be taken for.</summary>
    [Fact]
    public async Task What_is_given_up_is_not_carried_out_later()
    {
        var stale = new MemoryLayer(_lab.WritePages("stale", 1), [new MemoryExtent(0, Page, 0)]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await _vmm.Attachment!.AttachAsync(_vmm.Connection.Qmp, MemoryMap.Compose(Bytes, [stale]), [], Timeout, new CancellationToken(canceled: true)));
        using var ram = await AttachAsync(new MemoryLayer(_lab.WritePages("fresh", 2), [new MemoryExtent(0, Page, 0)]));
        Assert.Equal([2], Read(ram, 0, 1));
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    private static long Bytes => VmmLab.Shape.MemoryMib * 1024L * 1024;

    private Task<VmmMemory> AttachAsync(params MemoryLayer[] layers) => AttachAsync(layers, []);

    private async Task<VmmMemory> AttachAsync(MemoryLayer[] layers, params (int, SafeFileHandle)[] placed)
    {
        var attached = await _vmm.Attachment!.AttachAsync(_vmm.Connection.Qmp, layers.Length == 0 ? null : MemoryMap.Compose(Bytes, layers), placed, Timeout, default);
        Assert.Null(attached.Error?.ToString());
        _address = attached.Value;
        return new VmmMemory(_vmm.Process.Pid, attached.Value, Bytes);
    }

    private Task PlaceAsync(params (int, SafeFileHandle)[] placed) => AttachAsync([], placed);

    private static IEnumerable<byte> Read(VmmMemory ram, long address, int pages)
    {
        var bytes = new byte[pages * Page];
        ram.Read(address, bytes);
        return bytes.Chunk(Page).Select(page => Assert.Single(page.Distinct()));
    }

    private void Write(ulong address)
    {
        using var memory = File.OpenHandle($"/proc/{_vmm.Process.Pid}/mem", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.Write(memory, [42], (long)address);
    }

    private static PageRange Range(int page) => new((long)page * Page, (page + 1L) * Page);

    // What the VMM has open.
    private IReadOnlyList<(int Number, string Target)> Descriptors() =>
        [.. Directory.EnumerateFiles($"/proc/{_vmm.Process.Pid}/fd").Select(path => (int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture), Target(path)))];

    private static string Target(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget ?? "";
        }
        catch (IOException)
        {
            // Closed meanwhile.
            return "";
        }
    }
}
