using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Wisp.Artifacts.Kernel;

/// <summary>All that decides what comes out of the source: the same source and compiler give the same bytes, wherever and whenever.</summary>
internal static class KernelRecipe
{
    /// <summary>Debian's package: Linux with Debian's patches, kept free of known holes as long as Debian 12 is.</summary>
    public const string Package = "linux-source-6.1";

    /// <summary>The text of <c>guest.config</c>.</summary>
    public static string Configuration { get; } = ReadConfiguration();

    /// <summary>
    /// What is left in the archive, a third of it: headers of graphics cards and tests, from which nothing here is compiled.
    /// </summary>
    public static IReadOnlyList<string> LeftOut { get; } = ["*/drivers/gpu/drm/amd/include", "*/tools/testing"];

    /// <summary>How what was compiled is stripped.</summary>
    public static IReadOnlyList<string> Strip { get; } = ["-s"];

    /// <summary>Names this recipe.</summary>
    public static string Digest { get; } = ComputeDigest();

    /// <summary>What make hears by its environment, whatever the environment here says.</summary>
    /// <param name="published">When the source was published, which takes the place of the time of the build.</param>
    public static IReadOnlyDictionary<string, string> Variables(DateTime published) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ARCH"] = "x86_64",
        ["CROSS_COMPILE"] = "",
        ["KBUILD_BUILD_HOST"] = "wisp",
        ["KBUILD_BUILD_TIMESTAMP"] = published.ToString("ddd MMM d HH:mm:ss 'UTC' yyyy", CultureInfo.InvariantCulture),
        ["KBUILD_BUILD_USER"] = "wisp",
        // Else it counts the builds of a tree.
        ["KBUILD_BUILD_VERSION"] = "1",
        ["KBUILD_OUTPUT"] = "",
        ["KCFLAGS"] = "",
        ["LC_ALL"] = "C",
        ["LLVM"] = "",
        ["LOCALVERSION"] = "",
        ["MAKEFLAGS"] = "",
    };

    private static string ComputeDigest()
    {
        // Not the text as it stands: who mends a comment in it need not build again.
        var settings = KernelConfiguration.Parse(Configuration).Concat(Variables(default)).Select(setting => $"{setting.Key}={setting.Value}").Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', [Package, .. Strip, .. settings]))))[..16];
    }

    private static string ReadConfiguration()
    {
        using var reader = new StreamReader(typeof(KernelRecipe).Assembly.GetManifestResourceStream("guest.config")!);
        return reader.ReadToEnd();
    }
}
