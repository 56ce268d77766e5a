using static Wisp.Guest.Entrypoint.CommandResolver;

namespace Wisp.Guest.Tests.Entrypoint;

/// <summary>Exit codes and words are those of <c>docker run</c>.</summary>
public sealed class CommandResolverTests
{
    private static readonly Dictionary<string, Found> Files = new(StringComparer.Ordinal)
    {
        ["/bin/sh"] = Found.Program,
        ["/usr/bin/sh"] = Found.Program,
        ["/app/run"] = Found.Program,
        ["/app/sub/run"] = Found.Program,
        ["/app/notes"] = Found.NotExecutable,
        ["/opt/bin/notes"] = Found.Program,
        ["/usr/bin"] = Found.NotExecutable,
    };

    [Theory]
    [InlineData("sh", "/usr/bin:/bin", "/", "/usr/bin/sh")]
    [InlineData("sh", "/sbin:/bin", "/", "/bin/sh")]
    [InlineData("sh", null, "/", "/usr/bin/sh")]
    [InlineData("/bin/sh", "", "/app", "/bin/sh")]
    [InlineData("./run", "/bin", "/app", "./run")]
    [InlineData("sub/run", "/bin", "/app", "sub/run")]
    [InlineData("../run", "/bin", "/app/sub", "../run")]
    [InlineData("run", "sub:/bin", "/app", "/app/sub/run")]
    [InlineData("run", "/bin:", "/app", "/app/run")]
    public void A_program_is_found_where_docker_finds_it(string command, string? path, string directory, string expected) =>
        Assert.Equal((expected, 0, null), Resolve(command, path, directory, Look));

    [Fact]
    public void What_cannot_be_executed_is_passed_over_in_path() =>
        Assert.Equal("/opt/bin/notes", Resolve("notes", "/app:/opt/bin", "/", Look).Program);

    [Theory]
    [InlineData("run", "/bin", "/app", 127, "exec: \"run\": executable file not found in $PATH")]
    [InlineData("notes", "/app", "/", 127, "exec: \"notes\": executable file not found in $PATH")]
    [InlineData("", "/bin", "/", 127, "exec: \"\": executable file not found in $PATH")]
    [InlineData("./gone", "/bin", "/app", 127, "exec: \"./gone\": stat /app/gone: no such file or directory")]
    [InlineData("/app/notes", "/bin", "/", 126, "exec: \"/app/notes\": permission denied")]
    [InlineData("/usr/bin", "/bin", "/", 126, "exec: \"/usr/bin\": permission denied")]
    public void What_cannot_run_has_dockers_exit_code_and_words(string command, string path, string directory, int code, string words) =>
        Assert.Equal((null, code, words), Resolve(command, path, directory, Look));

    private static Found Look(string path) => Files.GetValueOrDefault(path);
}
