namespace Wisp.State;

/// <summary>One change of a transaction.</summary>
/// <param name="Key">The document's key.</param>
/// <param name="Value">Its new bytes; null deletes it.</param>
/// <param name="ExpectedRevision">Revision the document must be at; 0: it must not exist; null: any.</param>
public sealed record StateChange(string Key, ReadOnlyMemory<byte>? Value, long? ExpectedRevision = null);
