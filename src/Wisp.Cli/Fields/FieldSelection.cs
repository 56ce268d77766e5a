namespace Wisp.Cli.Fields;

/// <summary>Which fields are shown: <c>name,state</c>, <c>+field</c>, <c>-field</c> or <c>all</c>. Pure.</summary>
internal static class FieldSelection
{
    /// <summary>The fields that were asked for.</summary>
    /// <param name="fields">Those that there are.</param>
    /// <param name="usual">Those that are shown when nothing is asked for.</param>
    /// <param name="words">What was asked for.</param>
    public static Result<Field[]> Choose(FieldSet fields, IReadOnlyList<Field> usual, IReadOnlyList<string> words)
    {
        string[] split = [.. words.SelectMany(word => word.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
        var chosen = new List<Field>(split.All(word => word[0] is '+' or '-') ? usual : []);
        foreach (var word in split)
        {
            if (word == "all")
            {
                chosen.AddRange(fields.All.Where(field => !field.OnRequest).Except(chosen));
                continue;
            }

            if (fields.Find(word.TrimStart('+', '-')).Failed(out var error, out var found))
            {
                return error;
            }

            chosen.RemoveAll(found.Contains);
            if (word[0] != '-')
            {
                chosen.AddRange(found);
            }
        }

        return chosen.ToArray();
    }
}
