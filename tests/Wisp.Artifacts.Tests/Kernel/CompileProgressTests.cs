using Microsoft.Extensions.Time.Testing;
using Wisp.Artifacts.Kernel;

namespace Wisp.Artifacts.Tests.Kernel;

public sealed class CompileProgressTests : IProgress<string>
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _told = [];

    [Fact]
    public void It_is_told_every_few_seconds_how_many_files_are_compiled()
    {
        var progress = new CompileProgress(this, _time);
        for (var i = 0; i < 300; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            progress.Hear("  CC      fs/open.o");
            progress.Hear("  AR      fs/built-in.a");
        }

        Assert.Equal(
            [.. new[] { (100, 6), (200, 12), (300, 19) }.Select(at => $"Building the guest kernel: {at.Item1} of about {CompileProgress.ExpectedFiles} files are compiled ({at.Item2} %)")],
            _told);
    }

    [Fact]
    public void It_is_never_all_of_it()
    {
        var progress = new CompileProgress(this, _time);
        for (var i = 0; i < CompileProgress.ExpectedFiles * 2; i++)
        {
            progress.Hear("  AS      arch/x86/lib/memcpy_64.o");
        }

        _time.Advance(TimeSpan.FromMinutes(1));
        progress.Hear("  CC      fs/open.o");
        Assert.EndsWith("(99 %)", Assert.Single(_told), StringComparison.Ordinal);
    }

    void IProgress<string>.Report(string value) => _told.Add(value);
}
