using System.Collections.Concurrent;
using System.Globalization;
using Wisp.Images.Tests.Support;

namespace Wisp.Images.Tests;

/// <summary>Real builds: buildah, mkfs.erofs, the store.</summary>
public sealed class BuildTests(Workshop workshop) : IClassFixture<Workshop>
{
    [Fact]
    public async Task A_dockerfile_becomes_a_root_filesystem()
    {
        var image = await workshop.ImageAsync(
            workshop.Context(Workshop.Busybox + "COPY greeting /etc/greeting\nRUN echo made > /made && ln -s made /link\n", ("greeting", "hello\n")), "acme/web:v1");
        Assert.Equal(("acme/web", "v1"), (image.Name, image.Tag));
        Assert.Matches("^sha256:[0-9a-f]{64}$", image.Digest);
        Assert.Equal(new FileInfo(image.RootFilesystem).Length, image.SizeBytes);
        Assert.Equal(image.Digest, (await workshop.Store.FindAsync("acme/web:v1", default)).Value.Digest);

        var root = await workshop.UnpackAsync(image);
        Assert.Equal("hello\n", await File.ReadAllTextAsync(Path.Combine(root, "etc/greeting")));
        Assert.Equal("made", new FileInfo(Path.Combine(root, "link")).LinkTarget);
    }

    /// <summary>What a guest mounts its own filesystems on, and a /tmp that everybody can use.</summary>
    [Fact]
    public async Task An_empty_image_has_what_a_guest_needs()
    {
        var root = await workshop.UnpackAsync(await workshop.ImageAsync(workshop.Context("FROM scratch\nCOPY busybox /\n"), "empty"));
        Assert.Equal(
            ["busybox 755", "dev 755", "proc 755", "run 755", "sys 755", "tmp 1777"],
            new DirectoryInfo(root).EnumerateFileSystemInfos()
                .Select(entry => $"{entry.Name} {Convert.ToString((int)entry.UnixFileMode, 8)}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_link_in_place_of_a_mount_point_stays()
    {
        var root = await workshop.UnpackAsync(await workshop.ImageAsync(workshop.Context(Workshop.Busybox + "RUN ln -s var/tmp /tmp\n"), "linked"));
        Assert.Equal("var/tmp", new FileInfo(Path.Combine(root, "tmp")).LinkTarget);
    }

    [Fact]
    public async Task An_unchanged_input_is_not_built_again()
    {
        var context = workshop.Context(Workshop.Busybox + "RUN echo run\n");
        var first = (await workshop.BuildAsync(context, "same")).Value;
        var heard = new ConcurrentQueue<BuildEvent>();
        var second = (await workshop.BuildAsync(new BuildRequest(context, "again"), heard)).Value;
        Assert.Equal((false, true), (first.Reused, second.Reused));
        Assert.Equal((first.Image.Digest, first.Image.RootFilesystem, "again"), (second.Image.Digest, second.Image.RootFilesystem, second.Image.Name));
        Assert.DoesNotContain(heard, happened => happened is BuildEvent.Step);
        Assert.Contains(heard, happened => happened is BuildEvent.Notice);
    }

    [Fact]
    public async Task A_changed_file_or_argument_is_built_again()
    {
        var context = workshop.Context(Workshop.Busybox + "ARG WHO=nobody\nCOPY greeting /\nRUN echo $WHO > /who\n", ("greeting", "one"));
        var first = await workshop.ImageAsync(context, "changing");
        await File.WriteAllTextAsync(Path.Combine(context, "greeting"), "two");
        var second = (await workshop.BuildAsync(context, "changing")).Value;
        var third = (await workshop.BuildAsync(
            new BuildRequest(context, "changing") { BuildArguments = new Dictionary<string, string>(StringComparer.Ordinal) { ["WHO"] = "me" } }, [])).Value;
        Assert.Equal((false, false), (second.Reused, third.Reused));
        Assert.Distinct([first.Digest, second.Image.Digest, third.Image.Digest]);
        Assert.Equal("me\n", await File.ReadAllTextAsync(Path.Combine(await workshop.UnpackAsync(third.Image), "who")));
    }

    [Fact]
    public async Task Steps_and_output_are_heard_as_they_come()
    {
        var heard = new ConcurrentQueue<BuildEvent>();
        await workshop.BuildAsync(new BuildRequest(workshop.Context(Workshop.Busybox + "RUN echo out; echo err >&2\n"), "heard"), heard);
        Assert.Contains(new BuildEvent.Step("STEP 4/4: RUN echo out; echo err >&2"), heard);
        Assert.Contains(new BuildEvent.Output("out"), heard);
        Assert.Contains(new BuildEvent.Output("err"), heard);
    }

    [Fact]
    public async Task What_dockerignore_names_stays_outside()
    {
        var image = await workshop.ImageAsync(
            workshop.Context("FROM scratch\nCOPY . /\n", (".dockerignore", "secret*\n!secret.pub\n"), ("secret.key", "x"), ("secret.pub", "y"), ("app", "z")), "ignoring");
        var root = await workshop.UnpackAsync(image);
        Assert.Equal((false, true, true), (File.Exists(root + "/secret.key"), File.Exists(root + "/secret.pub"), File.Exists(root + "/app")));
    }

    [Fact]
    public async Task Only_the_last_stage_and_what_it_copies_is_in_the_image()
    {
        var context = workshop.Context(Workshop.Busybox.Replace("scratch", "scratch AS build", StringComparison.Ordinal)
            + "RUN echo product > /product; echo waste > /waste\nFROM scratch AS last\nCOPY --from=build /product /product\nCOPY --from=0 /bin/busybox /bb\n");
        var root = await workshop.UnpackAsync(await workshop.ImageAsync(context, "staged"));
        Assert.Equal("product\n", await File.ReadAllTextAsync(Path.Combine(root, "product")));
        Assert.Equal((true, false), (File.Exists(root + "/bb"), File.Exists(root + "/waste")));

        var first = (await workshop.BuildAsync(new BuildRequest(context, "stage") { Target = "build" }, [])).Value.Image;
        Assert.True(File.Exists(Path.Combine(await workshop.UnpackAsync(first), "waste")));
    }

    [Fact]
    public async Task An_image_of_ours_serves_as_base_and_as_source_and_its_change_builds_anew()
    {
        await workshop.ImageAsync(workshop.Context(Workshop.Busybox + "RUN echo 1 > /version\n"), "ours/base:1");
        var context = workshop.Context("FROM ours/base:1\nRUN cat /version\nFROM scratch\nCOPY --from=ours/base:1 /version /copied\n");
        var first = await workshop.ImageAsync(context, "derived");
        await workshop.ImageAsync(workshop.Context(Workshop.Busybox + "RUN echo 2 > /version\n"), "ours/base:1");
        var second = await workshop.ImageAsync(context, "derived");
        Assert.Equal("1\n", await File.ReadAllTextAsync(Path.Combine(await workshop.UnpackAsync(first), "copied")));
        Assert.Equal("2\n", await File.ReadAllTextAsync(Path.Combine(await workshop.UnpackAsync(second), "copied")));
    }

    [Fact]
    public async Task A_name_with_a_registry_is_kept()
    {
        Assert.Equal("localhost:5000/acme/web", (await workshop.ImageAsync(workshop.Context(Workshop.Busybox), "localhost:5000/acme/web")).Name);
        await workshop.ImageAsync(workshop.Context("FROM localhost:5000/acme/web\nRUN true\n"), "from-registry");
    }

    /// <summary>Both end with their own image, though the second takes the first one's name while it is at work.</summary>
    [Fact]
    public async Task Builds_of_one_name_at_once_do_not_mix()
    {
        var images = await Task.WhenAll(Enumerable.Range(0, 4).Select(async number => (
            Number: number,
            Image: await workshop.ImageAsync(workshop.Context(Workshop.Busybox + $"RUN echo {number} > /number\nCMD [\"{number}\"]\n"), "contended"))));
        foreach (var (number, image) in images)
        {
            var expected = number.ToString(CultureInfo.InvariantCulture);
            Assert.Equal([expected], image.Configuration.Cmd);
            Assert.Equal(expected + "\n", await File.ReadAllTextAsync(Path.Combine(await workshop.UnpackAsync(image), "number")));
        }

        Assert.Empty(await workshop.LeftBehindAsync());
    }

    [Theory]
    [InlineData("CMD [\"serve\", \"a b\"]", "", "serve|a b")]
    [InlineData("CMD serve $PORT", "", "/bin/sh|-c|serve $PORT")]
    [InlineData("ENTRYPOINT [\"/app\"]\nCMD [\"--help\"]", "/app", "--help")]
    [InlineData("ENTRYPOINT exec /app", "/bin/sh|-c|exec /app", "")]
    public async Task Commands_are_read_in_both_forms(string lines, string entrypoint, string cmd)
    {
        var configuration = (await workshop.ImageAsync(workshop.Context($"FROM scratch\nCOPY busybox /app\n{lines}\n"), "commands")).Configuration;
        Assert.Equal((entrypoint, cmd), (string.Join('|', configuration.Entrypoint), string.Join('|', configuration.Cmd)));
    }

    [Fact]
    public async Task The_rest_of_the_configuration_is_read()
    {
        var configuration = (await workshop.ImageAsync(
            workshop.Context("FROM scratch\nCOPY busybox /app\nENV A=1 B=\"two words\"\nENV C=$A-x\nWORKDIR /srv\nWORKDIR app\nUSER app:staff\nSTOPSIGNAL SIGQUIT\nEXPOSE 80 53/udp\nLABEL a=b\n"),
            "configured")).Configuration;
        Assert.Equal(["A=1", "B=two words", "C=1-x"], configuration.Env.Where(pair => !pair.StartsWith("PATH=", StringComparison.Ordinal)));
        Assert.Equal(("/srv/app", "app:staff", "SIGQUIT"), (configuration.WorkingDir, configuration.User, configuration.StopSignal));
        Assert.Equal(["53/udp", "80/tcp"], configuration.ExposedPorts.Order(StringComparer.Ordinal));
        Assert.Equal("b", configuration.Labels["a"]);
    }

    [Fact]
    public async Task An_image_without_a_command_is_made_and_mentioned()
    {
        var heard = new ConcurrentQueue<BuildEvent>();
        var built = await workshop.BuildAsync(new BuildRequest(workshop.Context("FROM scratch\nCOPY busybox /app\n"), "silent"), heard);
        Assert.True(built.IsSuccess);
        Assert.Contains(heard, happened => happened is BuildEvent.Notice { Text: var text } && text.Contains("neither CMD nor ENTRYPOINT", StringComparison.Ordinal));
    }
}
