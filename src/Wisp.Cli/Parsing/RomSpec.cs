using System.Text.Json.Nodes;

namespace Wisp.Cli.Parsing;

/// <summary>Read-only data of an instance: <c>image=REF,at=PATH,name=N</c>, or <c>dir=DIR,…</c> for small files. Reads the directory.</summary>
internal static class RomSpec
{
    /// <summary>Reads it into what the API takes.</summary>
    public static Result<JsonObject> Parse(string text)
    {
        if (Pairs.Parse(text, "name", "image", "dir", "at").Failed(out var error, out var pairs))
        {
            return error;
        }

        if (pairs.ContainsKey("image") == pairs.ContainsKey("dir"))
        {
            return new WispError(ErrorCode.InvalidValue, $"'{text}' is no ROM.", "Write name=N,image=REF,at=PATH, or dir=DIR in place of the image.");
        }

        var rom = new JsonObject { ["name"] = pairs.GetValueOrDefault("name") ?? "rom" };
        if (pairs.TryGetValue("at", out var at))
        {
            rom["at"] = at;
        }

        if (pairs.TryGetValue("image", out var image))
        {
            rom["image"] = image;
            return rom;
        }

        return Files(pairs["dir"]).Failed(out error, out var files) ? error : new JsonObject(rom.Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))) { ["files"] = files };
    }

    private static Result<JsonArray> Files(string directory)
    {
        try
        {
            return new JsonArray([.. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => (JsonNode)new JsonObject
            {
                ["path"] = Path.GetRelativePath(directory, file), ["encoding"] = "base64", ["data"] = Convert.ToBase64String(File.ReadAllBytes(file)),
            })]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new WispError(ErrorCode.InvalidValue, $"Cannot read '{directory}': {exception.Message}", "Name a directory with dir=.");
        }
    }
}
