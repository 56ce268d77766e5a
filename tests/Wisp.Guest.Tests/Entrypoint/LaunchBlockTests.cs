using CsCheck;
using Wisp.Guest.Entrypoint;

namespace Wisp.Guest.Tests.Entrypoint;

public sealed class LaunchBlockTests
{
    // A C string ends at NUL, so none can be in it; half a surrogate is no text.
    private static readonly Gen<string> Text = Gen.String[Gen.OneOf(Gen.Char['\u0001', '\u00ff'], Gen.Char['一', '龥']), 0, 20];

    [Fact]
    public void Every_block_comes_back_as_it_was() =>
        Gen.Select(Text, Text.List[0, 8], Text.List[0, 8], Text, Gen.Select(Gen.UInt, Gen.UInt, Gen.UInt.Array[0, 5], Text))
            .Sample((program, argv, environment, directory, who) =>
            {
                var sent = new LaunchBlock(program, argv, environment, directory, new Identity(who.Item1, who.Item2, who.Item3, who.Item4));
                var read = LaunchBlock.Decode(sent.Encode());
                return (read.Program, read.WorkingDirectory) == (program, directory)
                    && read.Argv.SequenceEqual(argv) && read.Environment.SequenceEqual(environment)
                    && (read.Identity.User, read.Identity.Group, read.Identity.Home) == (who.Item1, who.Item2, who.Item4)
                    && read.Identity.Supplementary.SequenceEqual(who.Item3);
            });
}
