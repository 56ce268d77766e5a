using System.Collections.Concurrent;
using Wisp.Images.Tests.Support;
using Wisp.Tools;

namespace Wisp.Images.Tests;

/// <summary>Builds that cannot succeed: the answer names the thing, and nothing is left.</summary>
public sealed class FailingBuildTests(Workshop workshop) : IClassFixture<Workshop>
{
    [Fact]
    public async Task A_failing_step_is_named_with_its_exit_code_and_the_old_image_stays()
    {
        var old = await workshop.ImageAsync(workshop.Context(Workshop.Busybox), "failing");
        var context = workshop.Context(Workshop.Busybox + "RUN echo trouble; exit 42\nRUN echo never\n");
        var heard = new ConcurrentQueue<BuildEvent>();
        var error = (await workshop.BuildAsync(new BuildRequest(context, "failing"), heard)).Error!;
        Assert.Equal((ErrorCode.OperationFailed, "build-failed"), (error.Code, error.Help));
        Assert.Equal($"{context}/Dockerfile: STEP 4/5: RUN echo trouble; exit 42 failed with exit code 42.", error.Message);
        Assert.Contains(new BuildEvent.Output("trouble"), heard);
        Assert.Equal(old.Digest, (await workshop.Store.FindAsync("failing", default)).Value.Digest);
        Assert.Empty(await workshop.LeftBehindAsync());
    }

    [Theory]
    [InlineData("FROM scratch\nFRM x\n", "FRM")]
    [InlineData("FROM scratch\nCOPY\n", "COPY")]
    [InlineData("RUN echo before from\n", "FROM")]
    [InlineData("# nothing\n", "Dockerfile")]
    [InlineData("FROM $UNSET\n", "Dockerfile")]
    [InlineData("FROM scratch\nCOPY missing /\n", "missing")]
    public async Task A_file_that_cannot_be_read_is_named_with_what_is_wrong(string dockerfile, string named)
    {
        var context = workshop.Context(dockerfile);
        var error = (await workshop.BuildAsync(context, "wrong")).Error!;
        Assert.Equal(ErrorCode.InvalidValue, error.Code);
        Assert.Contains($"{context}/Dockerfile", error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.NextStep);
    }

    [Fact]
    public async Task A_directory_without_a_dockerfile_is_named()
    {
        var context = workshop.Context("");
        File.Delete(Path.Combine(context, "Dockerfile"));
        var error = (await workshop.BuildAsync(context, "none")).Error!;
        Assert.Equal((ErrorCode.InvalidValue, $"There is no Dockerfile in {context}.", "no-dockerfile"), (error.Code, error.Message, error.Help));

        await File.WriteAllTextAsync(Path.Combine(context, "Containerfile"), "FROM scratch\nCOPY busybox /\n");
        Assert.True((await workshop.BuildAsync(context, "none")).IsSuccess);
    }

    [Fact]
    public async Task A_directory_that_does_not_exist_is_named() =>
        Assert.Equal("There is no directory /no/such.", (await workshop.BuildAsync("/no/such", "none")).Error!.Message);

    [Fact]
    public async Task A_here_document_is_refused_with_a_way_out()
    {
        var error = (await workshop.BuildAsync(workshop.Context(Workshop.Busybox + "RUN <<EOF\necho\nEOF\n"), "here")).Error!;
        Assert.Equal(ErrorCode.NotSupported, error.Code);
        Assert.NotNull(error.NextStep);
    }

    [Theory]
    [InlineData("localhost:1/acme/base:1", "localhost:1")]
    [InlineData("localhost:99999/acme/base:1", "localhost:99999")]
    [InlineData("registry.invalid/acme/base:1", "registry.invalid")]
    public async Task A_base_whose_registry_does_not_answer_is_named(string image, string registry)
    {
        var error = (await workshop.BuildAsync(workshop.Context($"FROM {image}\n"), "baseless")).Error!;
        Assert.Equal((ErrorCode.OperationFailed, "no-registry"), (error.Code, error.Help));
        Assert.Contains($"'{image}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(registry, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_base_that_is_no_reference_is_invalid() =>
        Assert.Equal(ErrorCode.InvalidValue, (await workshop.BuildAsync(workshop.Context("FROM Not/A/Reference\n"), "invalid")).Error!.Code);

    [Theory]
    [InlineData("Not A Name")]
    [InlineData("name@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public async Task A_name_that_cannot_be_given_is_refused(string name) =>
        Assert.Equal(ErrorCode.InvalidValue, (await workshop.BuildAsync(workshop.Context(Workshop.Busybox), name)).Error!.Code);

    [Fact]
    public async Task A_cancelled_build_leaves_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        var context = workshop.Context(Workshop.Busybox + "RUN echo under way; sleep 100000\n");
        var listener = new Workshop.Listener(happened =>
        {
            if (happened is BuildEvent.Output { Text: "under way" })
            {
                cancellation.Cancel();
            }
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => workshop.BuildAsync(new BuildRequest(context, "cancelled"), listener, cancellation.Token));
        Assert.Equal(ErrorCode.NotFound, (await workshop.Store.FindAsync("cancelled", default)).Error!.Code);
        Assert.Empty(await workshop.LeftBehindAsync());
    }

    [Fact]
    public async Task A_missing_buildah_names_its_package()
    {
        var builder = new BuildahImageBuilder(workshop.Store, new Without("buildah"), Path.Combine(workshop.Cache, "without"));
        var error = (await builder.BuildAsync(new BuildRequest(workshop.Context(Workshop.Busybox), "x"), null, default)).Error!;
        Assert.Equal("Install it: apt-get install buildah", error.NextStep);
    }

    private sealed class Without(string missing) : IToolRunner
    {
        private readonly ToolRunner _real = new();

        public Task<Result<ToolOutput>> RunAsync(ToolCommand command, Action<ToolLine>? onLine = null, CancellationToken cancellation = default) =>
            _real.RunAsync(command with { Program = command.Program == missing ? "/nowhere/" + missing : command.Program }, onLine, cancellation);
    }
}
