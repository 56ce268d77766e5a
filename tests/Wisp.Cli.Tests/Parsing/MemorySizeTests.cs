using System.Globalization;
using CsCheck;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Tests.Parsing;

public sealed class MemorySizeTests
{
    [Theory]
    [InlineData("128", 128)]
    [InlineData("128M", 128)]
    [InlineData("128MB", 128)]
    [InlineData("128MiB", 128)]
    [InlineData("128mib", 128)]
    [InlineData("1G", 1024)]
    [InlineData("1.5GiB", 1536)]
    [InlineData("10000000000", 10_000_000_000)]
    public void A_size_is_read_into_mebibytes(string text, long expected) => Assert.Equal(expected, MemorySize.Parse(text).Value);

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("-1")]
    [InlineData("1K")]
    [InlineData("1.5")]
    [InlineData("128 MiB")]
    [InlineData("1e3")]
    [InlineData("99999999999999999999")]
    public void Anything_else_is_refused_with_an_example(string text)
    {
        Assert.True(MemorySize.Parse(text).Failed(out var error, out _));
        Assert.StartsWith($"'{text}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("128MiB", error.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bare_number_is_itself() =>
        Gen.Long[0, 999_999_999_999_999].Sample(number => MemorySize.Parse(number.ToString(CultureInfo.InvariantCulture)).Value == number);
}
