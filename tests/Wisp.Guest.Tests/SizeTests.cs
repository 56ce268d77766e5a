using Wisp.Layout;

namespace Wisp.Guest.Tests;

public sealed class SizeTests
{
    private const int Limit = 3_000_000;

    /// <summary>Every guest unpacks it from its initramfs before anything else happens.</summary>
    [Fact]
    public void Init_is_small()
    {
        Assert.SkipWhen(
            string.IsNullOrEmpty(Environment.GetEnvironmentVariable("WISP_NATIVE_DIR")),
            "WISP_NATIVE_DIR is not set: ./wisp test builds wisp-init and sets it.");
        Assert.False(NativeBinaries.Locate("wisp-init").Failed(out var error, out var path), error?.Message);
        Assert.InRange(new FileInfo(path!).Length, 1, Limit - 1);
    }
}
