namespace Wisp.Network.Tests;

public sealed class SubnetFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("wisp-test-").FullName;

    private string File => Path.Combine(_directory, "subnet");

    [Fact]
    public void A_choice_is_remembered()
    {
        var chosen = SubnetFile.ReadOrChoose(File);
        Assert.InRange(chosen.Index, 0, NodeSubnet.Count - 1);
        Assert.Equal(chosen, SubnetFile.ReadOrChoose(File));
    }

    [Theory]
    [InlineData("0\n", 0)]
    [InlineData(" 77 ", 77)]
    [InlineData("4095", 4095)]
    public void What_is_remembered_is_used(string text, int index)
    {
        System.IO.File.WriteAllText(File, text);
        Assert.Equal(new NodeSubnet(index), SubnetFile.ReadOrChoose(File));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("4096")]
    [InlineData("seven")]
    public void A_torn_file_is_written_anew(string text)
    {
        System.IO.File.WriteAllText(File, text);
        var chosen = SubnetFile.ReadOrChoose(File);
        Assert.Equal($"{chosen.Index}\n", System.IO.File.ReadAllText(File));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
