using CsCheck;
using Wisp.GuestProtocol;
using Wisp.Platform.Accounts;
using Wisp.Platform.Instances.Boots;
using Wisp.Snapshots;

namespace Wisp.Platform.Tests.Boots;

public sealed class BootKeyTests
{
    private static readonly Compatibility Made = new()
    {
        Engine = "qemu", EngineVersion = "7", Accelerator = "tcg", Cpu = "max", Machine = 1, KernelSha256 = "k", InitramfsSha256 = "i",
    };

    private static readonly GuestConfiguration Guest = new() { Argv = ["/a"], Hostname = "h" };

    private static readonly Gen<string[]> Words = Gen.String[Gen.Char["ab="], 0, 3].Array[0, 4];

    [Fact]
    public void Different_arguments_have_different_keys() =>
        Gen.Select(Words, Words).Sample((one, other) =>
            Assert.Equal(one.SequenceEqual(other), KeyOf(Guest with { Argv = one }) == KeyOf(Guest with { Argv = other })));

    [Fact]
    public void Different_variables_have_different_keys() =>
        Gen.Select(Words, Words).Sample((one, other) =>
            Assert.Equal(Meaning(one).SetEquals(Meaning(other)), KeyOf(Guest with { Environment = one }) == KeyOf(Guest with { Environment = other })));

    [Fact]
    public void Nothing_moves_from_one_list_to_the_next() =>
        Gen.Select(Words, Words).Where((one, other) => !one.SequenceEqual(other)).Sample((one, other) =>
            Assert.NotEqual(KeyOf(Guest with { Argv = one, Environment = other }), KeyOf(Guest with { Argv = other, Environment = one })));

    [Fact]
    public void The_order_of_ports_means_nothing() =>
        Gen.Int[1, 9].Array[0, 5].SelectMany(ports => Gen.Shuffle(ports).Select(shuffled => (ports, shuffled))).Sample(both =>
            Assert.Equal(KeyOf(Guest with { WatchedPorts = both.ports }), KeyOf(Guest with { WatchedPorts = both.shuffled })));

    [Fact]
    public void Who_it_is_means_nothing() => Assert.Equal(
        KeyOf(Guest),
        KeyOf(Guest with { Hostname = "other", Address = "10.0.0.1", Gateway = "10.0.0.2", GatewayMac = "02:00", Nameserver = "10.0.0.3", UnixNanoseconds = 7 }));

    [Fact]
    public void All_else_makes_another_key()
    {
        string[] keys =
        [
            KeyOf(Guest),
            BootKey.Of(Guid.NewGuid(), "image", "/root", 128, 1, Guest, Made),
            BootKey.Of(Account.Own, "other", "/root", 128, 1, Guest, Made),
            BootKey.Of(Account.Own, "image", "/other", 128, 1, Guest, Made),
            BootKey.Of(Account.Own, "image", "/root", 256, 1, Guest, Made),
            BootKey.Of(Account.Own, "image", "/root", 128, 2, Guest, Made),
            KeyOf(Guest with { WorkingDirectory = "/w" }),
            KeyOf(Guest with { User = "app" }),
            KeyOf(Guest with { WatchedPorts = [80] }),
            .. ((Compatibility[])[
                Made with { Engine = "x" }, Made with { EngineVersion = "x" }, Made with { Accelerator = "x" }, Made with { Cpu = "x" },
                Made with { Machine = 2 }, Made with { KernelSha256 = "x" }, Made with { InitramfsSha256 = "x" }])
                .Select(made => BootKey.Of(Account.Own, "image", "/root", 128, 1, Guest, made)),
        ];
        Assert.Equal(keys.Length, keys.Distinct(StringComparer.Ordinal).Count());
    }

    private static string KeyOf(GuestConfiguration guest) => BootKey.Of(Account.Own, "image", "/root", 128, 1, guest, Made);

    // What a program sees: of a name that is given twice, the last value.
    private static HashSet<string> Meaning(string[] variables)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in variables)
        {
            seen[variable.Split('=', 2)[0]] = variable;
        }

        return [.. seen.Values];
    }
}
