namespace Wisp.Cli.Output;

/// <summary>How a kind of item is shown to people.</summary>
/// <param name="Key">The name that other commands take.</param>
/// <param name="Table">What a line of a table has room for.</param>
/// <param name="Fields">Everything.</param>
internal sealed record Layout<T>(Func<T, string?> Key, IReadOnlyList<Column<T>> Table, IReadOnlyList<Column<T>> Fields);
