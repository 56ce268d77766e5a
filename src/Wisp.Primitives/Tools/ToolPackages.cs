namespace Wisp.Tools;

/// <summary>Which Debian package brings which program: the next step in the message about a missing one.</summary>
public static class ToolPackages
{
    private static readonly Dictionary<string, string> Packages = new(StringComparer.Ordinal)
    {
        ["qemu-system-x86_64"] = "qemu-system-x86",
        ["buildah"] = "buildah",
        ["crun"] = "crun",
        ["mmdebstrap"] = "mmdebstrap",
        ["mkfs.erofs"] = "erofs-utils",
        ["nft"] = "nftables",
        ["ip"] = "iproute2",
        ["wrk"] = "wrk",
        ["clang"] = "clang",
        ["ld.lld"] = "lld",
        ["cpio"] = "cpio",
        ["dpkg-deb"] = "dpkg",
        ["make"] = "make",
        ["gcc"] = "gcc",
        ["strip"] = "gcc",
        ["flex"] = "flex",
        ["bison"] = "bison",
        ["bc"] = "bc",
        ["xz"] = "xz-utils",
    };

    /// <summary>The error for a program that cannot be started.</summary>
    /// <param name="program">The program's name.</param>
    /// <param name="reason">What the operating system said.</param>
    public static WispError Missing(string program, string reason)
    {
        var name = Path.GetFileName(program);
        return new WispError(
            ErrorCode.OperationFailed,
            $"Cannot run '{name}': {reason}.",
            Packages.TryGetValue(name, out var package)
                ? $"Install it: apt-get install {package}"
                : $"Install '{name}' and see that it is in PATH.",
            "missing-program");
    }
}
