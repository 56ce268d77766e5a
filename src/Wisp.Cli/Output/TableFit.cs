namespace Wisp.Cli.Output;

/// <summary>Makes columns fit a width: first those that may be cut give way, the widest first; the key, in the first column, never does. Pure.</summary>
internal static class TableFit
{
    /// <summary>Spaces between two columns.</summary>
    public const int Gap = 2;

    private const int Readable = 10;

    /// <summary>The widths of the columns.</summary>
    /// <param name="natural">How wide they would like to be.</param>
    /// <param name="cut">Which of them may be cut.</param>
    /// <param name="width">What there is.</param>
    public static int[] Widths(IReadOnlyList<int> natural, IReadOnlyList<bool> cut, int width)
    {
        int[] widths = [.. natural];
        foreach (var onlyCut in (bool[])[true, false])
        {
            while (widths.Sum() + (Gap * (widths.Length - 1)) > width)
            {
                var widest = Enumerable.Range(1, widths.Length - 1).Where(column => (cut[column] || !onlyCut) && widths[column] > Readable).DefaultIfEmpty(0).MaxBy(column => column == 0 ? 0 : widths[column]);
                if (widest == 0)
                {
                    break;
                }

                widths[widest]--;
            }
        }

        return widths;
    }

    /// <summary>A text that is no wider.</summary>
    public static string Cut(string text, int width) => text.Length <= width ? text : text[..(width - 1)] + "…";
}
