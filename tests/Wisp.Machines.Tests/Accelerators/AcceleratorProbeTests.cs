using Wisp.Machines.Accelerators;
using Wisp.Machines.Tests.Support;

namespace Wisp.Machines.Tests.Accelerators;

public sealed class AcceleratorProbeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private int _measured;

    private string Cache => _directory.At("cache/accelerator.json");

    [Theory]
    [InlineData(400e6, "kvm", "400 million")]
    [InlineData(50e6, "kvm", "50 million")]
    [InlineData(49.9e6, "tcg", "49.9 million")]
    [InlineData(1.04e6, "tcg", "only 1 million")]
    public void The_measurement_decides_and_stands_in_the_reason(double speed, string expected, string words)
    {
        var chosen = AcceleratorProbe.Decide(new KvmMeasurement(speed, null));
        Assert.Equal(expected, chosen.Name);
        Assert.Contains(words, chosen.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_obstacle_is_told()
    {
        var chosen = AcceleratorProbe.Decide(new KvmMeasurement(0, "/dev/kvm does not exist"));
        Assert.Equal("tcg", chosen.Name);
        Assert.Contains("/dev/kvm does not exist", chosen.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_measured_once_and_remembered()
    {
        var first = Probe(new KvmMeasurement(1e6, null)).Choose(null).Value;
        var second = Probe(new KvmMeasurement(900e6, null)).Choose("").Value;
        Assert.Equal((first, 1), (second, _measured));
    }

    [Fact]
    public void An_obstacle_is_remembered_too()
    {
        var first = Probe(new KvmMeasurement(0, "it \"hangs\"")).Choose(null).Value;
        Assert.Equal(first, Probe(new KvmMeasurement(900e6, null)).Choose(null).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"key":"of another boot","instructions_per_second":9e9,"obstacle":null}""")]
    [InlineData("""{"key":7}""")]
    public void What_cannot_be_believed_is_measured_anew(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Cache)!);
        File.WriteAllText(Cache, text);
        Assert.Equal("tcg", Probe(new KvmMeasurement(1e6, null)).Choose(null).Value.Name);
        Assert.Equal(1, _measured);
        Probe(new KvmMeasurement(1e6, null)).Choose(null);
        Assert.Equal(1, _measured);
    }

    [Fact]
    public void A_cache_that_cannot_be_written_is_no_obstacle()
    {
        File.WriteAllText(_directory.At("cache"), "a file in the directory's place");
        Assert.Equal("kvm", Probe(new KvmMeasurement(900e6, null)).Choose(null).Value.Name);
    }

    [Theory]
    [InlineData("kvm")]
    [InlineData("tcg")]
    public void Who_forces_one_gets_it_unmeasured(string name)
    {
        var chosen = Probe(new KvmMeasurement(0, "none")).Choose(name).Value;
        Assert.Equal((name, 0), (chosen.Name, _measured));
        Assert.Contains("WISP_ACCELERATOR", chosen.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_one_is_refused()
    {
        var error = Probe(new KvmMeasurement(0, "none")).Choose("xen").Error!;
        Assert.Equal(ErrorCode.InvalidValue, error.Code);
        Assert.Contains("'xen'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_without_kvm_is_an_obstacle_and_not_an_exception() =>
        Assert.Equal("/dev/no-such-kvm does not exist", KvmSpeedometer.Measure("/dev/no-such-kvm").Obstacle);

    [Fact]
    public void A_device_that_is_not_kvm_is_an_obstacle() =>
        Assert.Contains("no VM can be created", KvmSpeedometer.Measure("/dev/null").Obstacle, StringComparison.Ordinal);

    /// <summary>Whatever this host has: a speed, or a reason why there is none.</summary>
    [Fact]
    public void This_host_is_measured()
    {
        var measured = KvmSpeedometer.Measure();
        Assert.Equal(measured.Obstacle is null, measured.InstructionsPerSecond > 0);
        Assert.Equal(File.Exists("/dev/kvm"), measured.Obstacle?.Contains("does not exist", StringComparison.Ordinal) != true);
    }

    public void Dispose() => _directory.Dispose();

    private AcceleratorProbe Probe(KvmMeasurement result) => new(Cache, () =>
    {
        _measured++;
        return result;
    });
}
