using System.Security.Cryptography;
using System.Text;
using Wisp.GuestProtocol;
using Wisp.Platform.Accounts;
using Wisp.Snapshots;

namespace Wisp.Platform.Instances.Boots;

/// <summary>What makes two booted machines interchangeable: everything that their applications may have seen, who they are apart. Pure.</summary>
internal static class BootKey
{
    /// <summary>The key, lower-case hexadecimal; equal for equal machines, and for no others.</summary>
    /// <param name="account">Whose it is: what one has booted, with whatever secrets it made up, no other goes on from.</param>
    /// <param name="image">Digest of the image.</param>
    /// <param name="rootFilesystem">The file of its root filesystem: an image that was converted anew has another.</param>
    /// <param name="memoryMb">RAM in MiB.</param>
    /// <param name="vcpus">Virtual CPUs.</param>
    /// <param name="guest">What the guest is told. Host name and addresses are changed when it is restored, so they are not looked at.</param>
    /// <param name="compatibility">What it is made with.</param>
    public static string Of(Guid account, string image, string rootFilesystem, int memoryMb, int vcpus, GuestConfiguration guest, Compatibility compatibility)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // The order of variables means nothing but where one is given twice, which the last one wins; that of ports means nothing at all.
        var environment = guest.Environment
            .Select((variable, index) => (Name: variable.Split('=', 2)[0], variable, index))
            .GroupBy(entry => entry.Name, StringComparer.Ordinal)
            .Select(entries => entries.MaxBy(entry => entry.index).variable)
            .Order(StringComparer.Ordinal);
        Add(hash, ["boot-1", image, rootFilesystem, $"{memoryMb}", $"{vcpus}", guest.WorkingDirectory, guest.User]);
        Add(hash, guest.Argv);
        Add(hash, environment);
        Add(hash, guest.WatchedPorts.Distinct().Order().Select(port => $"{port}"));
        Add(hash,
        [
            compatibility.Engine, compatibility.EngineVersion, compatibility.Accelerator, compatibility.Cpu, $"{compatibility.Machine}",
            compatibility.KernelSha256, compatibility.InitramfsSha256,
        ]);
        // Only where there is one: what was made before there were accounts is found as ever.
        if (account != Account.Own)
        {
            Add(hash, [$"{account}"]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Counted, and each with its length: no two lists look alike.
    private static void Add(IncrementalHash hash, IEnumerable<string> values)
    {
        var list = values.ToArray();
        hash.AppendData(BitConverter.GetBytes(list.Length));
        foreach (var bytes in list.Select(Encoding.UTF8.GetBytes))
        {
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
    }
}
