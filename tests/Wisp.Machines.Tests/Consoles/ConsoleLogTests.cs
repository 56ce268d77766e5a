using System.Text;
using Wisp.Machines.Consoles;
using Wisp.Machines.Tests.Support;

namespace Wisp.Machines.Tests.Consoles;

public sealed class ConsoleLogTests : IDisposable
{
    private const int Window = (int)ConsoleLog.Window;

    private readonly TemporaryDirectory _directory = new();
    private readonly ConsoleLog _log;

    public ConsoleLogTests() => _log = new ConsoleLog(Path);

    private string Path => _directory.At(ConsoleLog.FileName);

    [Fact]
    public void A_log_that_does_not_exist_is_empty()
    {
        Assert.Equal(new ConsoleRange(0, 0), _log.Available);
        Assert.True(_log.Read(0, 100).Bytes.IsEmpty);
        _log.Trim();
        Assert.False(File.Exists(Path));
    }

    [Theory]
    [InlineData(0, 100, 0, "0123456789")]
    [InlineData(0, 4, 0, "0123")]
    [InlineData(3, 4, 3, "3456")]
    [InlineData(8, 100, 8, "89")]
    [InlineData(10, 100, 10, "")]
    [InlineData(11, 100, 10, "")]
    [InlineData(long.MaxValue, 100, 10, "")]
    [InlineData(-3, 100, 7, "789")]
    [InlineData(-3, 1, 7, "7")]
    [InlineData(-100, 100, 0, "0123456789")]
    [InlineData(long.MinValue, 100, 0, "0123456789")]
    [InlineData(2, 0, 2, "")]
    [InlineData(2, -1, 2, "")]
    [InlineData(0, int.MaxValue, 0, "0123456789")]
    public void Any_offset_and_limit_has_an_answer(long offset, int limit, long start, string text)
    {
        Append("0123456789");
        var slice = _log.Read(offset, limit);
        Assert.Equal((new ConsoleRange(start, start + text.Length), new ConsoleRange(0, 10), text), (slice.Range, slice.Available, Text(slice)));
    }

    [Fact]
    public void Only_the_newest_part_is_kept_at_its_own_positions()
    {
        Fill(3 * Window);
        Append("end");
        Assert.Equal(new ConsoleRange((2 * Window) + 3, (3 * Window) + 3), _log.Available);
        Assert.Equal("end", Text(_log.Read(3 * Window, 100)));
        Assert.Equal(_log.Available.Start, _log.Read(0, 10).Range.Start);
        Assert.Equal(Window, _log.Read(0, int.MaxValue).Bytes.Length);
    }

    [Fact]
    public void Trimming_gives_back_the_blocks_of_what_is_too_old_and_nothing_else()
    {
        Fill(3 * Window);
        var before = _log.Read(0, int.MaxValue);
        _log.Trim();
        _log.Trim();
        var after = _log.Read(0, int.MaxValue);
        Assert.Equal((before.Range, before.Available), (after.Range, after.Available));
        Assert.True(before.Bytes.Span.SequenceEqual(after.Bytes.Span));
        Assert.Equal(3 * Window, new FileInfo(Path).Length);
        Assert.All(File.ReadAllBytes(Path)[..(2 * Window)], value => Assert.Equal(0, value));
    }

    [Fact]
    public void Positions_go_on_when_it_is_opened_again()
    {
        Append("first ");
        _log.Trim();
        var again = new ConsoleLog(Path);
        Append("second");
        Assert.Equal("second", Text(again.Read(6, 100)));
        Assert.Equal(12, again.Available.End);
    }

    /// <summary>A guest that talks without end, a trimmer, a reader: what is read is always what was written at that place.</summary>
    [Fact]
    public async Task Reading_while_it_is_written_and_trimmed_shows_every_byte_at_its_place()
    {
        using var done = new CancellationTokenSource();
        var writing = Task.Run(() =>
        {
            using var file = new FileStream(Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            for (var position = 0L; position < 24 * Window; position += 8192)
            {
                file.Write(Pattern(position, 8192));
                file.Flush();
            }

            done.Cancel();
        });
        var trimming = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                _log.Trim();
            }
        });
        while (!done.IsCancellationRequested)
        {
            var slice = _log.Read(0, int.MaxValue);
            Assert.Equal(slice.Range.End - slice.Range.Start, slice.Bytes.Length);
            Assert.True(slice.Bytes.Span.SequenceEqual(Pattern(slice.Range.Start, slice.Bytes.Length)), $"wrong bytes in {slice.Range}");
        }

        await Task.WhenAll(writing, trimming);
    }

    public void Dispose() => _directory.Dispose();

    private static string Text(ConsoleSlice slice) => Encoding.ASCII.GetString(slice.Bytes.Span);

    private static byte[] Pattern(long position, int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)(1 + ((position + i) % 251));
        }

        return bytes;
    }

    private void Append(string text) => File.AppendAllText(Path, text);

    private void Fill(int length) => File.WriteAllBytes(Path, Pattern(0, length));
}
