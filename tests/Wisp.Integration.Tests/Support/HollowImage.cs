using Wisp.Images;

namespace Wisp.Integration.Tests.Support;

/// <summary>An image of which nothing is started, so that anything is its root filesystem.</summary>
internal static class HollowImage
{
    public const string Name = "hollow";

    public static async Task AddAsync(Wispd wispd)
    {
        var file = Path.Combine(wispd.Data.Root, Name);
        await File.WriteAllTextAsync(file, Name);
        var added = await new ImageStore(wispd.Data.Images, TimeProvider.System).AddAsync(
            Name, "latest", "sha256:" + new string('a', 64), file, new ImageConfiguration { Cmd = ["/hollow"] }, CancellationToken.None);
        File.Delete(file);
        Assert.Null(added.Error?.ToString());
    }
}
