namespace Wisp.Cli.Commands.Demo;

/// <summary>The instance of the demo, running or asleep.</summary>
/// <param name="Uuid">Its uuid.</param>
/// <param name="Name">Its name.</param>
/// <param name="Url">Where it answers.</param>
/// <param name="MemoryMb">Its memory.</param>
/// <param name="BootMs">How long its last start took.</param>
/// <param name="Restored">True when that was no boot: it went on from where an earlier start of its image was frozen.</param>
/// <param name="Reused">True when an earlier run made it.</param>
internal sealed record RunningDemo(string Uuid, string Name, string Url, int MemoryMb, double BootMs, bool Restored, bool Reused);
