using Wisp.Contracts;

namespace Wisp.Cli.Connections;

/// <summary>An answer with items, each of which may have failed.</summary>
/// <param name="Body">The answer as it came.</param>
/// <param name="All">Its items.</param>
internal sealed record Answer<T>(byte[] Body, IReadOnlyList<T> All) where T : Item
{
    /// <summary>Items that went well.</summary>
    public IReadOnlyList<T> Items { get; } = [.. All.Where(item => item.Status != ResponseStatus.Error)];

    /// <summary>What became of the others.</summary>
    public IReadOnlyList<WispError> Failures { get; } = [.. All.Where(item => item.Status == ResponseStatus.Error).Select(Explain)];

    /// <summary>The only item, or its failure.</summary>
    public Result<T> Only() =>
        Failures is [var failure, ..] ? failure
        : Items is [var item, ..] ? item
        : new WispError(ErrorCode.OperationFailed, "The server's answer is empty.", "See that it is a Wisp server of this version.");

    // The server's words end with what to do next already.
    private static WispError Explain(T item) => new(
        (ErrorCode)(item.Error ?? 0), item.Message ?? $"The server gave up on '{item.Name ?? item.Uuid}' without a reason (code {item.Error}).");
}
