using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Wisp.Platform.Instances;
using Wisp.Platform.Records;

namespace Wisp.Platform.Frozen;

/// <summary>What a template on demand is found by: a SHA-256 over all that makes a difference to it, written in one way only. Pure.</summary>
internal static class TemplateHash
{
    private const int NameLength = 40;

    /// <summary>The name of a template or of the instance that becomes it; not as long as a uuid's digits, so that it is not taken for one.</summary>
    public static string NameOf(string hash) => hash[..NameLength];

    /// <summary>The hash, in lower-case hexadecimal.</summary>
    /// <param name="wanted">The template; what it begins from is in <paramref name="begin"/>.</param>
    /// <param name="begin">What it begins from, resolved: an image by its digest, so that a tag that moved is another template, or a template by its uuid.</param>
    public static string Of(OnDemandTemplate wanted, string begin)
    {
        var arguments = wanted.Arguments;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("begin"u8, begin);
            WriteList(writer, "args"u8, arguments.Args);
            writer.WriteStartArray("env"u8);
            foreach (var (name, value) in (arguments.Env ?? new Dictionary<string, string>(StringComparer.Ordinal)).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                writer.WriteStringValue($"{name}={value}");
            }

            writer.WriteEndArray();
            writer.WriteNumber("memory_mb"u8, arguments.MemoryMb ?? InstanceRules.DefaultMemoryMb);
            writer.WriteNumber("vcpus"u8, arguments.Vcpus ?? 1);
            writer.WriteString("restart_policy"u8, (arguments.RestartPolicy ?? RestartPolicy.Never).ToString());
            writer.WritePropertyName("scale_to_zero"u8);
            JsonSerializer.Serialize(writer, arguments.ScaleToZero ?? ScaleToZero.Default, RecordJson.Default.ScaleToZero);
            WriteList(writer, "tags"u8, [.. (arguments.Tags ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
            // Only where there are some: what was made before there were any is found as ever.
            if (arguments.Annotations is { Count: > 0 } annotations)
            {
                writer.WriteStartObject("annotations"u8);
                foreach (var (name, value) in annotations.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    writer.WriteString(name, value);
                }

                writer.WriteEndObject();
            }

            writer.WriteString("hostname"u8, arguments.Hostname);
            writer.WriteNumber("autokill_ms"u8, arguments.Autokill?.TotalMilliseconds ?? 0);
            if (arguments.Schedules is { Count: > 0 } schedules)
            {
                WriteList(writer, "schedules"u8, [.. schedules.OrderBy(schedule => schedule.Name, StringComparer.Ordinal).SelectMany(schedule => (string[])[schedule.Name, schedule.When, schedule.Action.ToString()])]);
            }

            writer.WriteBoolean("delete_on_stop"u8, arguments.DeleteOnStop);
            writer.WriteBoolean("cold"u8, arguments.Cold);
            writer.WriteBoolean("prepare"u8, wanted.Prepare);
            writer.WriteEndObject();
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void WriteList(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<string>? texts)
    {
        if (texts is null)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
