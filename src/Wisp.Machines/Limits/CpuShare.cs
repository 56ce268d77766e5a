using System.Globalization;

namespace Wisp.Machines.Limits;

/// <summary>A machine's share of the processors, in the words of version 1 and 2 of control groups.</summary>
internal static class CpuShare
{
    // What a group has to which nobody gave another: in version 2, and in version 1.
    private const int Usual = 100, UsualShares = 1024;

    /// <summary>Writes it into the group that <see cref="MachineCgroup"/> has made. A host without the controller has nothing to write to.</summary>
    /// <param name="root">Where the cgroup filesystems are mounted.</param>
    /// <param name="name">The machine's id.</param>
    /// <param name="share">The share; <see cref="MachineSpecification.CpuShare"/>.</param>
    public static Result Set(string root, string name, int share)
    {
        foreach (var group in MachineCgroup.Find(root, name))
        {
            var (weight, shares) = (Path.Combine(group, "cpu.weight"), Path.Combine(group, "cpu.shares"));
            try
            {
                if (File.Exists(weight))
                {
                    File.WriteAllText(weight, share.ToString(CultureInfo.InvariantCulture));
                }
                else if (File.Exists(shares))
                {
                    // Version 1 knows none below 2.
                    File.WriteAllText(shares, Math.Max(2, share * UsualShares / Usual).ToString(CultureInfo.InvariantCulture));
                }
            }
            catch (DirectoryNotFoundException)
            {
                // The machine has just ended.
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return new WispError(ErrorCode.OperationFailed, $"Cannot set the share of the processors in {group}: {exception.Message}");
            }
        }

        return Result.Success;
    }
}
