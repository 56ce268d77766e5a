using Wisp.Images.Building;

namespace Wisp.Images.Tests.Building;

public sealed class OciConfigurationTests
{
    [Fact]
    public void What_running_needs_is_read()
    {
        var (configuration, digest) = OciConfiguration.Read(
            """
            {"FromImageDigest":"sha256:ab","OCIv1":{"config":{
              "Entrypoint":["/bin/app"],"Cmd":["serve","--port=80"],"Env":["A=1","B="],"WorkingDir":"/srv","User":"app:staff",
              "StopSignal":"SIGQUIT","ExposedPorts":{"80/tcp":{},"53/udp":{}},"Labels":{"a":"b"}}}}
            """);
        Assert.Equal("sha256:ab", digest);
        Assert.Equivalent(
            new ImageConfiguration
            {
                Entrypoint = ["/bin/app"],
                Cmd = ["serve", "--port=80"],
                Env = ["A=1", "B="],
                WorkingDir = "/srv",
                User = "app:staff",
                StopSignal = "SIGQUIT",
                ExposedPorts = ["80/tcp", "53/udp"],
                Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "b" },
            },
            configuration, strict: true);
    }

    [Theory]
    [InlineData("""{"OCIv1":{}}""")]
    [InlineData("""{"OCIv1":{"config":{}}}""")]
    [InlineData("""{"OCIv1":{"config":null}}""")]
    [InlineData("""{"OCIv1":{"config":{"Entrypoint":null,"Cmd":null,"Env":null,"User":"","StopSignal":"","ExposedPorts":null,"Labels":null}}}""")]
    public void An_image_that_says_nothing_has_the_defaults(string text) =>
        Assert.Equivalent(new ImageConfiguration(), OciConfiguration.Read(text).Configuration, strict: true);
}
