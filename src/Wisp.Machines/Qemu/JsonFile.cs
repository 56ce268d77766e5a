using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Wisp.Machines.Qemu;

/// <summary>Small records on disk, for root's eyes: an environment in one may hold secrets.</summary>
internal static class JsonFile
{
    /// <summary>Reads a record; null when there is none or it cannot be read.</summary>
    public static T? Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type);
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes it whole or not at all.</summary>
    /// <param name="path">Where.</param>
    /// <param name="record">What.</param>
    /// <param name="type">How.</param>
    /// <param name="durable">False where only a crash of this process must not tear it, which is a hundred times faster.</param>
    public static void Write<T>(string path, T record, JsonTypeInfo<T> type, bool durable)
    {
        var temporary = path + ".new";
        using (var file = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            file.Write(JsonSerializer.SerializeToUtf8Bytes(record, type));
            file.Flush(flushToDisk: durable);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
