namespace Wisp.Platform.Frozen;

/// <summary>The refusal of a deletion under a delete lock.</summary>
internal static class DeleteLocks
{
    /// <summary>The error, in the words that clients match on.</summary>
    /// <param name="edit">The command that edits the resource.</param>
    public static WispError Refuse(string edit) =>
        new(ErrorCode.NotAllowed, "Deletion protection enabled", $"Take the lock away first: wisp {edit} --delete-lock off");
}
