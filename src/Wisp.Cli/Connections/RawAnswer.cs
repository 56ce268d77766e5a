namespace Wisp.Cli.Connections;

/// <summary>An answer as it came.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The body.</param>
internal sealed record RawAnswer(int Status, byte[] Body)
{
    /// <summary>True for 2xx.</summary>
    public bool Ok => Status is >= 200 and < 300;
}
