using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Wisp.GuestProtocol;

/// <summary>
/// What the JSON payloads have in common. They are read and written token by token: a serializer would be a fifth of the guest's
/// init. Members in snake case, null left out; unknown members are passed over, so that versions can differ.
/// </summary>
internal static class GuestJson
{
    /// <summary>Reads a value; the reader stands on its first token and is left on its last.</summary>
    public delegate T ValueReader<out T>(ref Utf8JsonReader reader);

    /// <summary>A payload: one object with the members that are written.</summary>
    public static byte[] Encode(Action<Utf8JsonWriter> members)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads a payload: one value and nothing after it.</summary>
    public static bool TryDecode<T>(ReadOnlySpan<byte> payload, ValueReader<T> read, [NotNullWhen(true)] out T? message)
        where T : class
    {
        try
        {
            var reader = new Utf8JsonReader(payload);
            reader.Read();
            message = read(ref reader);
            // Throws when there is more.
            reader.Read();
            return true;
        }
        // What the reader throws: for no JSON; for another type, or text that is no Unicode; for a number out of range.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            message = null;
            return false;
        }
    }

    /// <summary>Throws unless the reader stands on this token.</summary>
    public static void Expect(this ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (reader.TokenType != token)
        {
            throw new JsonException();
        }
    }

    /// <summary>Goes from an object's start, or from a member's value, to the value of the next member; false at the end.</summary>
    public static bool NextMember(this ref Utf8JsonReader reader, [NotNullWhen(true)] out string? name)
    {
        reader.Read();
        name = reader.TokenType == JsonTokenType.EndObject ? null : reader.GetString()!;
        return name is not null && reader.Read();
    }

    /// <summary>Text that is there.</summary>
    public static string Text(ref Utf8JsonReader reader) => reader.GetString() ?? throw new JsonException();

    /// <summary>A number.</summary>
    public static int Number(ref Utf8JsonReader reader) => reader.GetInt32();

    /// <summary>A value, or null.</summary>
    public static T? OrNull<T>(ref Utf8JsonReader reader, ValueReader<T> read)
        where T : class => reader.TokenType == JsonTokenType.Null ? null : read(ref reader);

    /// <summary>A ticket, or null.</summary>
    public static uint? Ticket(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Null ? null : reader.GetUInt32();

    /// <summary>A list, or null.</summary>
    public static List<T>? List<T>(ref Utf8JsonReader reader, ValueReader<T> item)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        reader.Expect(JsonTokenType.StartArray);
        var list = new List<T>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            list.Add(item(ref reader));
        }

        return list;
    }

    /// <summary>Writes a member unless its value is null.</summary>
    public static void WriteText(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    /// <summary>Writes a member unless its value is null.</summary>
    public static void WriteTicket(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, uint? value)
    {
        if (value is { } ticket)
        {
            writer.WriteNumber(name, ticket);
        }
    }

    /// <summary>Writes a list of texts.</summary>
    public static void WriteList(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes a list of numbers.</summary>
    public static void WriteList(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<int> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
    }
}
