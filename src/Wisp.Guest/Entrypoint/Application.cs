using System.Runtime.InteropServices;
using Wisp.Guest.Native;
using Wisp.GuestProtocol;

namespace Wisp.Guest.Entrypoint;

/// <summary>The started entrypoint: its process id and the ends of its output pipes.</summary>
internal sealed unsafe class Application
{
    private Application(int pid, int stdout, int stderr) => (ProcessId, Stdout, Stderr) = (pid, stdout, stderr);

    public int ProcessId { get; }

    public int Stdout { get; }

    public int Stderr { get; }

    /// <summary>Starts the entrypoint, or says with which exit code and words it could not be.</summary>
    /// <param name="configuration">What to run.</param>
    /// <param name="self">An open descriptor of this very executable, which is not reachable by path once the root is switched.</param>
    public static (Application? Started, GuestExit? Failure) Start(GuestConfiguration configuration, int self)
    {
        var passwd = Descriptor.ReadText("/etc/passwd");
        if (!UserDatabase.TryResolve(configuration.User, passwd, Descriptor.ReadText("/etc/group"), out var identity, out var failure))
        {
            return (null, Failed(126, failure!));
        }

        var environment = EnvironmentBlock.Build(configuration.Environment, configuration.Hostname, identity.Home);
        var directory = configuration.WorkingDirectory.Length > 0 ? configuration.WorkingDirectory : "/";
        if (Path.GetFullPath(directory).StartsWith(Init.ControlDirectory, StringComparison.Ordinal))
        {
            // It is served by the very thread that would wait for it here.
            return (null, Failed(126, $"working directory {directory}: nothing can be run in {Init.ControlDirectory}"));
        }

        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (IOException exception)
        {
            return (null, Failed(126, $"working directory {directory}: {exception.Message}"));
        }

        var (program, code, words) = CommandResolver.Resolve(
            configuration.Argv[0], EnvironmentBlock.Value(environment, "PATH"), directory, path => Probe(path));
        if (program is null)
        {
            return (null, Failed(code, words!));
        }

        return Spawn(new LaunchBlock(program, configuration.Argv, environment, directory, identity), self);
    }

    private static CommandResolver.Found Probe(string path)
    {
        const int execute = 1;
        return Directory.Exists(path) ? CommandResolver.Found.NotExecutable
            : !File.Exists(path) ? CommandResolver.Found.Nothing
            // access(2) asks as root, for whom any execute bit does; the kernel decides again at exec.
            : Libc.access(path, execute) == 0 ? CommandResolver.Found.Program
            : CommandResolver.Found.NotExecutable;
    }

    private static (Application?, GuestExit?) Spawn(LaunchBlock block, int self)
    {
        var (outRead, outWrite) = Pipe();
        var (errRead, errWrite) = Pipe();
        var (failRead, failWrite) = Pipe();
        // Opening /dev/stdout opens the pipe anew, with a permission check: it belongs to the application's user.
        _ = Libc.fchown(outWrite, block.Identity.User, block.Identity.Group);
        _ = Libc.fchown(errWrite, block.Identity.User, block.Identity.Group);
        var nothing = Libc.open("/dev/null", Libc.ReadOnly | Libc.CloseOnExec, 0);
        var memory = Libc.memfd_create("launch", 1);
        Descriptor.Write(memory, block.Encode());
        _ = Libc.lseek(memory, 0, 0);

        // SAFETY: posix_spawn_file_actions_t is 80 bytes in glibc on x86-64; 256 leave room.
        var actions = stackalloc byte[256];
        _ = Libc.posix_spawn_file_actions_init(actions);
        // The sources are all above 4 (Init keeps the low descriptors taken), so that no dup2 overwrites one that is still needed.
        _ = Libc.posix_spawn_file_actions_adddup2(actions, nothing, 0);
        _ = Libc.posix_spawn_file_actions_adddup2(actions, outWrite, 1);
        _ = Libc.posix_spawn_file_actions_adddup2(actions, errWrite, 2);
        _ = Libc.posix_spawn_file_actions_adddup2(actions, memory, SecondStage.BlockDescriptor);
        _ = Libc.posix_spawn_file_actions_adddup2(actions, failWrite, SecondStage.ErrorDescriptor);
        using var argv = new NativeStrings(["wisp-init", "exec"]);
        using var envp = new NativeStrings([]);
        int pid;
        var error = Libc.posix_spawn(&pid, $"/proc/self/fd/{self}", actions, null, argv.Pointer, envp.Pointer);
        _ = Libc.posix_spawn_file_actions_destroy(actions);
        foreach (var fd in (int[])[outWrite, errWrite, failWrite, nothing, memory])
        {
            _ = Libc.close(fd);
        }

        if (error != 0)
        {
            _ = Libc.close(outRead);
            _ = Libc.close(errRead);
            _ = Libc.close(failRead);
            return (null, Failed(126, $"cannot start the second stage: errno {error}"));
        }

        // Ends with the exec (the descriptor is close-on-exec there) or brings the reason.
        var reason = 0;
        var got = Descriptor.Read(failRead, MemoryMarshal.AsBytes(new Span<int>(ref reason)));
        _ = Libc.close(failRead);
        if (got <= 0)
        {
            return (new Application(pid, outRead, errRead), null);
        }

        int status;
        _ = Libc.waitpid(pid, &status, 0);
        _ = Libc.close(outRead);
        _ = Libc.close(errRead);
        return (null, Failed(reason == Libc.ENoEnt ? 127 : 126, $"exec: \"{block.Argv[0]}\": {Words(reason)}"));
    }

    private static (int Read, int Write) Pipe()
    {
        var pair = stackalloc int[2];
        // SAFETY: pipe2 fills two ints.
        _ = Libc.pipe2(pair, Libc.CloseOnExec);
        return (pair[0], pair[1]);
    }

    private static string Words(int errno) => errno switch
    {
        Libc.ENoEnt => "no such file or directory (is its interpreter in the image?)",
        Libc.EAcces => "permission denied",
        Libc.ENoExec => "exec format error",
        Libc.EPerm => "operation not permitted",
        _ => $"errno {errno}",
    };

    private static GuestExit Failed(int code, string words) => new() { ExitCode = code, StartFailure = words };
}
