namespace Wisp.Cli.Output;

/// <summary>A field of an item, for people.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Text">Its value; null where there is none.</param>
/// <param name="Long">True for what may be cut where a table has to fit a terminal.</param>
internal sealed record Column<T>(string Title, Func<T, string?> Text, bool Long = false);
