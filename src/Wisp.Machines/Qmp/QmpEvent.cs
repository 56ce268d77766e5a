using System.Text.Json;

namespace Wisp.Machines.Qmp;

/// <summary>An event of the QEMU Machine Protocol.</summary>
/// <param name="Name">E.g. <c>STOP</c>, <c>RESUME</c>, <c>SHUTDOWN</c>.</param>
/// <param name="Data">Its data; undefined when it has none.</param>
public sealed record QmpEvent(string Name, JsonElement Data);
