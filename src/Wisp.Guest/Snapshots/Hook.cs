using Wisp.Guest.Entrypoint;
using Wisp.Guest.Native;

namespace Wisp.Guest.Snapshots;

/// <summary>A program of the image that is run around a capture: as root, in /, with the application's environment, output to the console.</summary>
internal static unsafe class Hook
{
    /// <summary>Run before memory is captured.</summary>
    public const string Before = "/etc/wisp/hooks/before-snapshot";

    /// <summary>Run after a captured memory goes on.</summary>
    public const string After = "/etc/wisp/hooks/after-restore";

    /// <summary>Whether the image has it.</summary>
    public static bool Exists(string path)
    {
        const int execute = 1;
        return Libc.access(path, execute) == 0;
    }

    /// <summary>Starts it; returns its process, or minus errno.</summary>
    public static int Start(string path, IReadOnlyList<string> environment, ConsolePort console)
    {
        const short setDefaults = 4, setMask = 8, setSession = 0x80;
        // SAFETY: posix_spawn_file_actions_t is 80 bytes and posix_spawnattr_t 336 in glibc on x86-64; sigset_t is 128.
        var actions = stackalloc byte[256];
        var attributes = stackalloc byte[512];
        var signals = stackalloc ulong[16];
        _ = Libc.posix_spawn_file_actions_init(actions);
        // Descriptor 3 is /dev/null: see Program.
        _ = Libc.posix_spawn_file_actions_adddup2(actions, 3, 0);
        _ = Libc.posix_spawn_file_actions_adddup2(actions, console.Fd, 1);
        _ = Libc.posix_spawn_file_actions_adddup2(actions, console.Fd, 2);
        // The runtime ignores some signals, and ignoring is inherited.
        _ = Libc.posix_spawnattr_init(attributes);
        _ = Libc.posix_spawnattr_setflags(attributes, setDefaults | setMask | setSession);
        new Span<ulong>(signals, 16).Clear();
        _ = Libc.posix_spawnattr_setsigmask(attributes, signals);
        signals[0] = ulong.MaxValue;
        _ = Libc.posix_spawnattr_setsigdefault(attributes, signals);
        using var argv = new NativeStrings([path]);
        using var envp = new NativeStrings(environment);
        int pid;
        var error = Libc.posix_spawn(&pid, path, actions, attributes, argv.Pointer, envp.Pointer);
        _ = Libc.posix_spawn_file_actions_destroy(actions);
        return error == 0 ? pid : -error;
    }

    /// <summary>The environment that hooks get.</summary>
    public static IReadOnlyList<string> Environment(IReadOnlyList<string> configured, string hostname) =>
        EnvironmentBlock.Build(configured, hostname, "/root");
}
