using System.Text;
using Wisp.Artifacts.Kernel;
using Wisp.Layout;
using Wisp.Tools;

namespace Wisp.Artifacts.Tests.Kernel;

/// <summary>The real thing, from the cache or, the first time, built: some minutes.</summary>
public sealed class BuiltKernelTests
{
    [Fact]
    public async Task It_is_an_elf_that_pvh_can_enter_and_knows_neither_when_nor_where_it_was_built()
    {
        var directory = Directory.CreateDirectory(Path.Combine(DataDirectory.CacheDirectory, "boot")).FullName;
        var told = new Progress<string>(line => TestContext.Current.SendDiagnosticMessage(line));
        var kernel = await new GuestKernel(directory, new ToolRunner(), TimeProvider.System).EnsureAsync(told, TestContext.Current.CancellationToken);
        Assert.Null(kernel.Error?.ToString());
        var bytes = await File.ReadAllBytesAsync(kernel.Value, TestContext.Current.CancellationToken);
        Assert.True(bytes.AsSpan().StartsWith("\u007fELF"u8));
        // The note that names PVH's entry: a name of 4 bytes, "Xen", and XEN_ELFNOTE_PHYS32_ENTRY.
        Assert.True(bytes.AsSpan().IndexOf([.. BitConverter.GetBytes(18), .. "Xen\0"u8]) > 0);
        Assert.True(bytes.AsSpan().IndexOf("(wisp@wisp)"u8) > 0);
        Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(directory)) < 0);
    }
}
