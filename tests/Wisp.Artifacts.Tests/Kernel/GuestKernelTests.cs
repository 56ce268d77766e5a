using Wisp.Artifacts.Kernel;
using Wisp.Artifacts.Tests.Support;
using Wisp.Tools;

namespace Wisp.Artifacts.Tests.Kernel;

public sealed class GuestKernelTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("wisp-boot-").FullName;
    private readonly PlayedTools _tools = new();

    private string Kept => Path.Combine(GuestKernel.PlaceOf(_directory, "6.1.9-1"), "vmlinux");

    private string Log => Path.Combine(_directory, "kernel-build.log");

    [Fact]
    public async Task It_is_built_once_and_nothing_but_it_is_kept()
    {
        var built = await EnsureAsync();
        Assert.Null(built.Error?.ToString());
        Assert.Equal(Kept, built.Value);
        // Of the source, not of now.
        Assert.Equal("Wed Mar 4 05:06:07 UTC 2026", await File.ReadAllTextAsync(Kept, TestContext.Current.CancellationToken));
        Assert.Equal([Path.GetDirectoryName(Kept)!, Path.Combine(_directory, "kernel.lock")], Left());

        _tools.Ran.Clear();
        Assert.Equal(Kept, (await EnsureAsync()).Value);
        Assert.Empty(_tools.Ran);
    }

    [Fact]
    public async Task The_newest_that_is_kept_is_taken_and_one_of_another_recipe_is_not()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "kernel-6.1.99-1-0123456789abcdef"));
        var older = Directory.CreateDirectory(GuestKernel.PlaceOf(_directory, "6.1.20-1"));
        var newer = Directory.CreateDirectory(GuestKernel.PlaceOf(_directory, "6.1.100-1"));
        older.LastWriteTimeUtc = newer.LastWriteTimeUtc.AddDays(-1);
        Assert.Equal(Path.Combine(newer.FullName, "vmlinux"), (await EnsureAsync()).Value);
        Assert.Empty(_tools.Ran);
    }

    [Fact]
    public async Task Of_two_who_need_it_one_builds_and_the_other_waits()
    {
        var compiling = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _tools.BeforeCompiling = _ =>
        {
            compiling.TrySetResult();
            return go.Task;
        };
        var first = EnsureAsync();
        await compiling.Task;
        var second = EnsureAsync(new Told(line =>
        {
            if (line.StartsWith("Waiting", StringComparison.Ordinal))
            {
                waits.TrySetResult();
            }
        }));
        await waits.Task;
        go.SetResult();
        Assert.Equal(Kept, (await first).Value);
        Assert.Equal(Kept, (await second).Value);
        Assert.Single(_tools.Ran, ran => ran.StartsWith("apt-get", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_is_called_off_leaves_nothing_and_the_next_builds()
    {
        using var cancel = new CancellationTokenSource();
        _tools.BeforeCompiling = async token =>
        {
            await cancel.CancelAsync();
            token.ThrowIfCancellationRequested();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EnsureAsync(null, cancel.Token));
        Assert.Equal([Log, Path.Combine(_directory, "kernel.lock")], Left());
        _tools.BeforeCompiling = _ => Task.CompletedTask;
        Assert.Equal(Kept, (await EnsureAsync()).Value);
    }

    [Fact]
    public async Task What_a_killed_process_left_is_removed()
    {
        var left = Directory.CreateDirectory(Path.Combine(_directory, ".kernel-left", "linux")).Parent!.FullName;
        Assert.Equal(Kept, (await EnsureAsync()).Value);
        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public async Task An_option_that_the_kernel_does_not_take_is_named()
    {
        _tools.Configure = asked => asked.Replace("CONFIG_SECCOMP=y", "# CONFIG_SECCOMP is not set", StringComparison.Ordinal).Replace("CONFIG_TUN=y\n", "", StringComparison.Ordinal);
        var error = await FailAsync();
        Assert.Equal("The guest kernel cannot be configured: linux-source-6.1 6.1.9-1 does not take CONFIG_SECCOMP=y, CONFIG_TUN=y.", error.Message);
        Assert.Equal("kernel-build", error.Help);
    }

    [Fact]
    public async Task A_build_that_fails_says_what_was_said_last_and_keeps_its_log()
    {
        Answer("vmlinux", new ToolOutput(2, "  CC      fs/open.o\n", "fs/open.c:1:1: error: expected ';'\nmake[2]: *** [fs/open.o] Error 1\nmake: *** [Makefile:2052: .] Error 2\n"));
        var error = await FailAsync();
        Assert.Equal("The guest kernel cannot be built: fs/open.c:1:1: error: expected ';'", error.Message);
        Assert.Contains(Log, error.NextStep, StringComparison.Ordinal);
        Assert.True(File.Exists(Log));
    }

    [Theory]
    [InlineData("vmlinux")]
    [InlineData("--extract")]
    public async Task A_disk_that_fills_up_is_told_as_that(string word)
    {
        Answer(word, new ToolOutput(2, "", "fatal error: cannot write: No space left on device\nmake: *** Error 1\n"));
        Assert.Equal("disk-full", (await FailAsync()).Help);
    }

    [Fact]
    public async Task Without_a_mirror_the_error_says_what_has_to_work()
    {
        Answer("download", new ToolOutput(100, "", "E: Unable to locate package linux-source-6.1\n"));
        var error = await FailAsync();
        Assert.Equal("Debian's linux-source-6.1 cannot be downloaded: E: Unable to locate package linux-source-6.1", error.Message);
        Assert.Contains("apt-get update", error.NextStep, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gcc", "apt-get install gcc")]
    [InlineData("bc", "apt-get install bc")]
    [InlineData("xz", "apt-get install xz-utils")]
    public async Task A_missing_program_is_named_before_anything_is_fetched(string program, string step)
    {
        _tools.Instead = command => command.Program == program ? new Result<ToolOutput>?(ToolPackages.Missing(program, "No such file or directory")) : null;
        var error = await FailAsync();
        Assert.Contains(step, error.NextStep, StringComparison.Ordinal);
        Assert.DoesNotContain(_tools.Ran, ran => ran.StartsWith("apt-get", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private Task<Result<string>> EnsureAsync(IProgress<string>? progress = null, CancellationToken? cancellation = null) =>
        new GuestKernel(_directory, _tools, TimeProvider.System).EnsureAsync(progress, cancellation ?? TestContext.Current.CancellationToken);

    private async Task<WispError> FailAsync()
    {
        var error = (await EnsureAsync()).Error;
        Assert.NotNull(error);
        Assert.NotNull(error.NextStep);
        Assert.False(File.Exists(Kept));
        Assert.Empty(Directory.GetDirectories(_directory));
        return error;
    }

    private void Answer(string word, ToolOutput output) => _tools.Instead = command => command.Arguments.Contains(word) ? new Result<ToolOutput>?(output) : null;

    private string[] Left() => [.. Directory.GetFileSystemEntries(_directory).Order(StringComparer.Ordinal)];

    // At once, unlike Progress<T>.
    private sealed class Told(Action<string> hear) : IProgress<string>
    {
        public void Report(string value) => hear(value);
    }
}
