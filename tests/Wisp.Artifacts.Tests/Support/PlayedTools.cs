using System.Collections.Concurrent;
using Wisp.Artifacts.Kernel;
using Wisp.Tools;

namespace Wisp.Artifacts.Tests.Support;

/// <summary>The programs of a build, played: each leaves the files that the next one looks for.</summary>
internal sealed class PlayedTools : IToolRunner
{
    /// <summary>What was run, each with its arguments.</summary>
    public ConcurrentQueue<string> Ran { get; } = new();

    /// <summary>Answers in the place of a program, or null where it shall do its work.</summary>
    public Func<ToolCommand, Result<ToolOutput>?> Instead { get; set; } = _ => null;

    /// <summary>What make waits for before it compiles.</summary>
    public Func<CancellationToken, Task> BeforeCompiling { get; set; } = _ => Task.CompletedTask;

    /// <summary>The configuration that comes of the one that was asked for.</summary>
    public Func<string, string> Configure { get; set; } = asked => asked;

    public async Task<Result<ToolOutput>> RunAsync(ToolCommand command, Action<ToolLine>? onLine = null, CancellationToken cancellation = default)
    {
        Ran.Enqueue($"{command.Program} {string.Join(' ', command.Arguments)}");
        if (command.Arguments is ["--version"])
        {
            return Instead(command) ?? new ToolOutput(0, "1\n", "");
        }

        if (Instead(command) is { } instead)
        {
            return instead;
        }

        switch (command)
        {
            case { Program: "apt-get" }:
                await File.WriteAllTextAsync(Path.Combine(command.WorkingDirectory!, KernelRecipe.Package + "_6.1.9-1_all.deb"), "", cancellation);
                return new ToolOutput(0, "", "");
            case { Program: "dpkg-deb", Arguments: ["--field", ..] }:
                return new ToolOutput(0, "6.1.9-1\n", "");
            case { Program: "dpkg-deb", Arguments: ["--extract", _, var place] }:
                Directory.CreateDirectory(place);
                return new ToolOutput(0, "", "");
            case { Program: "tar" }:
                var tree = Directory.CreateDirectory(Path.Combine(command.Arguments[4], KernelRecipe.Package)).FullName;
                var makefile = Path.Combine(tree, "Makefile");
                await File.WriteAllTextAsync(makefile, "", cancellation);
                File.SetLastWriteTimeUtc(makefile, new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc));
                return new ToolOutput(0, "", "");
            case { Program: "nice", Arguments: [.., "allnoconfig"] }:
                var asked = await File.ReadAllTextAsync(Path.Combine(command.WorkingDirectory!, "..", "guest.config"), cancellation);
                await File.WriteAllTextAsync(Path.Combine(command.WorkingDirectory!, ".config"), Configure(asked), cancellation);
                return new ToolOutput(0, "", "");
            case { Program: "nice", Arguments: [.., "vmlinux"] }:
                await BeforeCompiling(cancellation);
                onLine?.Invoke(new ToolLine("  CC      fs/open.o", IsError: false));
                await File.WriteAllTextAsync(Path.Combine(command.WorkingDirectory!, "vmlinux"), command.Environment["KBUILD_BUILD_TIMESTAMP"], cancellation);
                return new ToolOutput(0, "", "");
            case { Program: "strip", Arguments: [_, "-o", var made, var from] }:
                File.Copy(from, made);
                return new ToolOutput(0, "", "");
            default:
                throw new InvalidOperationException($"Nobody plays {command.Program}.");
        }
    }
}
