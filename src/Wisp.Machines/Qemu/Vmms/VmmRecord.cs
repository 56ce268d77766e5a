namespace Wisp.Machines.Qemu.Vmms;

/// <summary>What is kept of a VMM. It is there before the process is: whoever comes after a crash knows from it what to take away.</summary>
internal sealed record VmmRecord
{
    /// <summary>Names its control groups and its process.</summary>
    public required Guid Id { get; init; }

    /// <summary>The user and group it runs as; no other VMM of the node has it.</summary>
    public required int UserId { get; init; }

    /// <summary>The process id and start time together; an id alone comes back one day for another process. 0 before it is known.</summary>
    public int Pid { get; init; }
    public long StartTime { get; init; }

    public static VmmRecord? Read(string path) => JsonFile.Read(path, MachineRecordJson.Default.VmmRecord);

    public void Write(string path) => JsonFile.Write(path, this, MachineRecordJson.Default.VmmRecord, durable: false);
}
