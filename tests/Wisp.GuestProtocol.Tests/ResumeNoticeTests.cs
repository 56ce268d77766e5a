using CsCheck;

namespace Wisp.GuestProtocol.Tests;

public sealed class ResumeNoticeTests
{
    [Fact]
    public void Every_notice_comes_back_as_it_was() =>
        Gen.Select(Gen.Long, Gen.Byte.Array[0, 256]).Sample((time, entropy) =>
            ResumeNotice.TryDecode(new ResumeNotice(time, entropy).Encode(), out var notice)
                && notice.UnixNanoseconds == time
                && notice.Entropy.Span.SequenceEqual(entropy));

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void A_torn_notice_is_refused(int length)
    {
        Assert.False(ResumeNotice.TryDecode(new byte[length], out var notice));
        Assert.Equal(default, notice);
    }
}
