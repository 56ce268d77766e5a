using Wisp.Layout;

namespace Wisp.Daemon;

/// <summary>What must be so before anything is begun.</summary>
internal static class HostChecks
{
    /// <summary>Root, or words about why.</summary>
    public static Result RequireRoot(string program) =>
        Environment.IsPrivilegedProcess
            ? Result.Success
            : new WispError(
                ErrorCode.NotAllowed,
                $"{program} needs root: it makes tap devices, namespaces and control groups for the machines (which themselves run without privileges).",
                $"Run it with sudo.",
                "not-root");

    /// <summary>
    /// Creates the data directory, for its owner only where it holds secrets (instances' environments, images, logs). VMMs see of it what
    /// their jails bind, so they need no way through.
    /// </summary>
    public static Result Prepare(DataDirectory data)
    {
        try
        {
            const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            Directory.CreateDirectory(data.Root, owner | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            foreach (var secret in (string[])[data.Instances, data.Images, data.Vmms])
            {
                Directory.CreateDirectory(secret);
                File.SetUnixFileMode(secret, owner);
            }

            if (File.Exists(data.DaemonLog))
            {
                File.SetUnixFileMode(data.DaemonLog, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            return Result.Success;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new WispError(
                ErrorCode.OperationFailed, $"Cannot use the data directory {data.Root}: {exception.Message}", "Name another with --data-dir.", "disk-full");
        }
    }
}
