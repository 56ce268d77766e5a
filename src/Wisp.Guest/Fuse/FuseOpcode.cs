namespace Wisp.Guest.Fuse;

/// <summary>What the kernel asks for (enum fuse_opcode), as far as it is known here.</summary>
internal enum FuseOpcode : uint
{
    Lookup = 1,
    Forget = 2,
    GetAttributes = 3,
    SetAttributes = 4,
    MakeSymlink = 6,
    MakeNode = 8,
    MakeDirectory = 9,
    Unlink = 10,
    RemoveDirectory = 11,
    Rename = 12,
    Link = 13,
    Open = 14,
    Read = 15,
    Write = 16,
    Statistics = 17,
    Release = 18,
    Flush = 25,
    Initialize = 26,
    OpenDirectory = 27,
    ReadDirectory = 28,
    ReleaseDirectory = 29,
    Access = 34,
    Create = 35,
    Interrupt = 36,
    Poll = 40,
    ForgetMany = 42,
    RenameWithFlags = 45,
}
