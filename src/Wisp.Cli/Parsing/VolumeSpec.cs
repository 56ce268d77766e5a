using System.Text.Json.Nodes;

namespace Wisp.Cli.Parsing;

/// <summary>A volume of an instance: <c>NAME:PATH[:ro|size=10GiB]</c>. Pure.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Where the instance has it.</param>
/// <param name="ReadOnly">True when it cannot write.</param>
/// <param name="SizeMb">Its size, where it is made with the instance.</param>
internal sealed record VolumeSpec(string Name, string Path, bool ReadOnly, long? SizeMb)
{
    private const string Size = "size=";

    /// <summary>Reads one.</summary>
    public static Result<VolumeSpec> Parse(string text)
    {
        if (text.Split(':') is not [{ Length: > 0 } name, ['/', ..] path, .. var rest])
        {
            return Wrong(text);
        }

        var spec = new VolumeSpec(name, path, false, null);
        foreach (var part in rest.SelectMany(part => part.Split(',')))
        {
            if (part is "ro" or "rw")
            {
                spec = spec with { ReadOnly = part == "ro" };
            }
            else if (part.StartsWith(Size, StringComparison.Ordinal) && !MemorySize.Parse(part[Size.Length..]).Failed(out _, out var mebi))
            {
                spec = spec with { SizeMb = mebi };
            }
            else
            {
                return Wrong(text);
            }
        }

        return spec;
    }

    /// <summary>As a request for an instance has it.</summary>
    public JsonObject ToJson()
    {
        var volume = Reference.ToJson(Name);
        volume["at"] = Path;
        if (ReadOnly)
        {
            volume["readonly"] = true;
        }

        if (SizeMb is { } size)
        {
            volume["size_mb"] = size;
        }

        return volume;
    }

    private static WispError Wrong(string text) => new(ErrorCode.InvalidValue, $"'{text}' is no volume with a place.", "Write NAME:/PATH, NAME:/PATH:ro, or NAME:/PATH:size=10GiB for one to be made.");
}
