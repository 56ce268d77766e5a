using System.Diagnostics;
using Wisp.Images.Building;
using Wisp.Images.Tests.Support;

namespace Wisp.Images.Tests.Building;

public sealed class ContextDigestTests : IDisposable
{
    private readonly TemporaryDirectory _context = new();

    public ContextDigestTests()
    {
        _context.Write("Dockerfile", "FROM scratch\n");
        _context.Write("src/main.c", "int main;\n");
    }

    [Fact]
    public async Task An_equal_context_elsewhere_has_the_same_digest()
    {
        using var copy = new TemporaryDirectory();
        copy.Write("src/main.c", "int main;\n");
        copy.Write("Dockerfile", "FROM scratch\n");
        File.SetLastWriteTimeUtc(Path.Combine(copy.Path, "Dockerfile"), DateTime.UnixEpoch);
        Assert.Equal(await DigestAsync(), await ContextDigest.ComputeAsync(copy.Path, default));
    }

    [Fact]
    public Task Content_matters() => ChangesAsync(() => _context.Write("src/main.c", "int Main;\n"));

    [Fact]
    public Task A_name_matters() => ChangesAsync(() => File.Move(At("src/main.c"), At("src/main.h")));

    [Fact]
    public Task A_place_matters() => ChangesAsync(() => File.Move(At("src/main.c"), At("main.c")));

    [Fact]
    public Task A_mode_matters() => ChangesAsync(() => File.SetUnixFileMode(At("src/main.c"), UnixFileMode.UserRead | UnixFileMode.UserExecute));

    [Fact]
    public Task A_hidden_file_matters() => ChangesAsync(() => _context.Write(".env", "A=1"));

    [Fact]
    public Task An_empty_directory_matters() => ChangesAsync(() => Directory.CreateDirectory(At("data")));

    [Fact]
    public Task A_link_matters_by_where_it_leads() => ChangesAsync(
        () => File.CreateSymbolicLink(At("link"), "src/main.c"),
        () =>
        {
            File.Delete(At("link"));
            File.CreateSymbolicLink(At("link"), "Dockerfile");
        });

    [Fact]
    public async Task Links_that_lead_back_away_or_nowhere_are_links()
    {
        Directory.CreateSymbolicLink(At("src/back"), "..");
        Directory.CreateSymbolicLink(At("usr"), "/usr");
        Directory.CreateSymbolicLink(At("away"), Directory.CreateDirectory(At("../" + Path.GetFileName(_context.Path) + "-away")).FullName);
        File.CreateSymbolicLink(At("nowhere"), "/no/such");
        try
        {
            var before = await DigestAsync();
            File.WriteAllText(Path.Combine(At("away"), "file"), "outside the context");
            Assert.Equal(before, await DigestAsync());
        }
        finally
        {
            Directory.Delete(_context.Path + "-away", recursive: true);
        }
    }

    [Fact]
    public async Task A_pipe_is_not_waited_for()
    {
        using var made = Process.Start("mkfifo", [At("pipe")]);
        await made.WaitForExitAsync();
        Assert.NotEmpty(await DigestAsync());
    }

    public void Dispose() => _context.Dispose();

    private string At(string name) => Path.Combine(_context.Path, name);

    private Task<string> DigestAsync() => ContextDigest.ComputeAsync(_context.Path, default);

    private async Task ChangesAsync(params Action[] changes)
    {
        var seen = new List<string> { await DigestAsync() };
        foreach (var change in changes)
        {
            change();
            seen.Add(await DigestAsync());
        }

        Assert.Distinct(seen);
    }
}
