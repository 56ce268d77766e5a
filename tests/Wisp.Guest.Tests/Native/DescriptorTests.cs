using System.Text;
using Wisp.Guest.Native;

namespace Wisp.Guest.Tests.Native;

public sealed class DescriptorTests
{
    [Fact]
    public void A_file_of_proc_is_read_whole() =>
        Assert.Equal(File.ReadAllText("/proc/version"), Descriptor.ReadText("/proc/version"));

    [Fact]
    public void A_missing_file_is_null() => Assert.Null(Descriptor.ReadText("/no/such/file"));

    /// <summary>A character may lie across two reads.</summary>
    [Fact]
    public void Text_longer_than_one_read_keeps_its_characters()
    {
        var path = Path.GetTempFileName();
        try
        {
            var text = string.Concat(Enumerable.Repeat("käse 日本\n", 2000));
            File.WriteAllText(path, text, new UTF8Encoding(false));
            Assert.Equal(text, Descriptor.ReadText(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public unsafe void A_full_pipe_takes_what_it_can_and_says_how_much()
    {
        var ends = stackalloc int[2];
        Assert.Equal(0, Libc.pipe2(ends, Libc.NonBlock | Libc.CloseOnExec));
        var sent = new byte[1024 * 1024];
        Random.Shared.NextBytes(sent);
        var written = Descriptor.Write(ends[1], sent);
        Assert.InRange(written, 1, sent.Length - 1);
        var got = new byte[sent.Length];
        var read = 0;
        for (int count; (count = Descriptor.Read(ends[0], got.AsSpan(read))) > 0;)
        {
            read += count;
        }

        Assert.Equal(sent[..written], got[..read]);
        Assert.Equal(-1, Descriptor.Read(ends[0], got));
        _ = Libc.close(ends[1]);
        Assert.Equal(0, Descriptor.Read(ends[0], got));
        _ = Libc.close(ends[0]);
    }
}
