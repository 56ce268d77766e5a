namespace Wisp.Guest.Control;

/// <summary>What a node of /uk/libukp is.</summary>
internal enum NodeKind : byte
{
    None = 0,
    Root = 1,
    Fork = 2,
    Template = 3,
    SleepHolds = 4,
    Children = 5,
    Child = 6,
    Snapshot = 7,
    CreationTime = 8,
    Status = 9,
    Wait = 10,
}
