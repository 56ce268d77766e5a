namespace Wisp.Network.Tests;

public sealed class SubnetFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("wisp-test-").FullName;

    private string File => Path.Combine(_directory, "subnet");

    [Fact]
    public void A_choice_is_remembered()
    {
        var chosen = SubnetFile.Choose(File);
        Assert.Equal(NodeSubnet.UsualPrefix, chosen.Prefix);
        Assert.Equal(chosen, SubnetFile.Read(File));
    }

    [Theory]
    [InlineData("0\n", 0, 22)]
    [InlineData(" 77 ", 77, 22)]
    [InlineData("4095", 4095, 22)]
    [InlineData("10.64.64.0/18\n", 16, 18)]
    [InlineData("10.127.192.0/18", 4080, 18)]
    [InlineData("10.64.4.0/22", 1, 22)]
    public void What_is_remembered_is_used(string text, int block, int prefix)
    {
        System.IO.File.WriteAllText(File, text);
        Assert.Equal(new NodeSubnet(block, prefix), SubnetFile.Read(File));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("4096")]
    [InlineData("seven")]
    [InlineData("10.64.64.0/1")]
    [InlineData("10.64.64.0/24")]
    [InlineData("10.128.0.0/18")]
    [InlineData("10.63.0.0/18")]
    public void A_torn_file_says_nothing(string text)
    {
        System.IO.File.WriteAllText(File, text);
        Assert.Null(SubnetFile.Read(File));
    }

    [Fact]
    public void A_missing_file_says_nothing() => Assert.Null(SubnetFile.Read(File));

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
