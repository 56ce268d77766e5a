namespace Wisp.Cli.Fields;

/// <summary>What is known of a kind of resource.</summary>
/// <param name="Key">The field that other commands take for its name.</param>
/// <param name="All">Its fields, in the order in which they are shown.</param>
internal sealed record FieldSet(string Key, params IReadOnlyList<Field> All)
{
    /// <summary>What people are told of a list without any, where there is something to tell.</summary>
    public NoneYet? None { get; init; }

    /// <summary>What a table has room for.</summary>
    public IReadOnlyList<Field> Listed => [.. All.Where(known => known.Listed)];

    /// <summary>What is shown of one.</summary>
    public IReadOnlyList<Field> Shown => [.. All.Where(known => !known.OnRequest)];

    /// <summary>The field of the key.</summary>
    public Field KeyField => All.First(known => known.Name == Key);

    /// <summary>The fields of a name: the one, or all that are nested in it.</summary>
    public Result<Field[]> Find(string name)
    {
        var found = All.Where(field => field.Name == name).ToArray();
        if (found.Length == 0)
        {
            found = [.. All.Where(field => field.Name.StartsWith(name + ".", StringComparison.Ordinal))];
        }

        return found.Length > 0 ? found : new WispError(
            ErrorCode.InvalidValue, $"There is no field '{name}'.", $"Fields are {string.Join(", ", All.Select(field => field.Name))}.");
    }
}
