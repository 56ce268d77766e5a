using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Wisp.Guest.Control;
using Wisp.Guest.Native;

namespace Wisp.Guest.Tests.Control;

public sealed partial class SleepHoldsTests
{
    private static readonly Gen<string> Written = Gen.OneOf(
        Gen.Select(Gen.OneOf("+", "-", "="), Gen.ULong, Gen.OneOf("", "\n"), (sign, number, end) => sign + number + end),
        Gen.Select(Gen.OneOf("+", "-", "=", ""), Gen.OneOf("", "0", "1", "007", "18446744073709551615", "18446744073709551616", "99999999999999999999999", "x", " 1", "1\n", "+1"), Gen.OneOf("", "\n"),
            (sign, number, end) => sign + number + end),
        Gen.String[Gen.Char["+-=0123456789\n "], 0, 6]);

    /// <summary>Against the rule as numbers of any size say it.</summary>
    [Fact]
    public void Every_sequence_of_writes_counts_as_arithmetic_does() => Written.List[1, 8].Sample(writes =>
    {
        var holds = new SleepHolds();
        var expected = BigInteger.Zero;
        foreach (var written in writes)
        {
            var errno = holds.Apply(Encoding.UTF8.GetBytes(written));
            var parsed = Form().Match(written);
            var number = parsed.Groups["n"].Value is { Length: > 0 } digits ? BigInteger.Parse(digits) : BigInteger.One;
            var next = parsed.Groups["s"].Value switch { "+" => expected + number, "-" => expected - number, _ => number };
            var shouldBe = !parsed.Success ? Libc.EInval : next < 0 || next > ulong.MaxValue ? Libc.ERange : 0;
            expected = shouldBe == 0 ? next : expected;
            if (errno != shouldBe || Encoding.ASCII.GetString(holds.Text) != $"={expected}\n")
            {
                return false;
            }
        }

        return true;
    });

    [GeneratedRegex(@"\A((?<s>[+-])(?<n>[0-9]*)|(?<s>=)(?<n>[0-9]+))\n?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
