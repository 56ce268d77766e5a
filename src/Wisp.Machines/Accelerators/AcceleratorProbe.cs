using System.Globalization;
using System.Text.Json;

namespace Wisp.Machines.Accelerators;

/// <summary>
/// Chooses the accelerator by measuring. That /dev/kvm exists proves nothing: there are hosts on which it runs guest kernel code a
/// hundred times slower than software emulation does.
/// </summary>
public sealed class AcceleratorProbe(string cacheFile, Func<KvmMeasurement> measure)
{
    /// <summary>Below this many guest instructions per second KVM is emulation in disguise; real hardware does hundreds of millions.</summary>
    public const double UsableInstructionsPerSecond = 50e6;

    /// <summary>Chooses; the measurement is made once per boot of the host and remembered.</summary>
    /// <param name="forced">Value of <c>WISP_ACCELERATOR</c>, or null.</param>
    public Result<Accelerator> Choose(string? forced)
    {
        switch (forced)
        {
            case null or "":
                break;
            case "kvm" or "tcg":
                return new Accelerator(forced, $"WISP_ACCELERATOR={forced} says so; nothing was measured.");
            default:
                return new WispError(ErrorCode.InvalidValue, $"WISP_ACCELERATOR is '{forced}'.", "Set it to kvm or tcg, or leave it out to have it measured.");
        }

        var key = Key();
        if (Read(key) is { } remembered)
        {
            return Decide(remembered);
        }

        var measured = measure();
        Remember(key, measured);
        return Decide(measured);
    }

    /// <summary>The decision. Pure.</summary>
    public static Accelerator Decide(KvmMeasurement measured)
    {
        if (measured.Obstacle is { } obstacle)
        {
            return new Accelerator("tcg", $"KVM cannot be used: {obstacle}. Guests run in software emulation (TCG), some 10-20 times slower for CPU work.");
        }

        var speed = (measured.InstructionsPerSecond / 1e6).ToString("0.#", CultureInfo.InvariantCulture);
        return measured.InstructionsPerSecond >= UsableInstructionsPerSecond
            ? new Accelerator("kvm", $"KVM runs guest kernel code at {speed} million instructions/s.")
            : new Accelerator("tcg", $"/dev/kvm opens, but runs guest kernel code at only {speed} million instructions/s (no hardware virtualisation behind it). Software emulation (TCG) is faster.");
    }

    // A measurement is good for one boot of one kernel on one processor.
    private static string Key() => string.Join(
        '|',
        Environment.OSVersion.VersionString,
        File.Exists("/proc/sys/kernel/random/boot_id") ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim() : "",
        File.Exists("/dev/kvm"));

    private KvmMeasurement? Read(string key)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(cacheFile));
            var root = document.RootElement;
            return root.GetProperty("key").GetString() == key
                ? new KvmMeasurement(root.GetProperty("instructions_per_second").GetDouble(), root.GetProperty("obstacle").GetString())
                : null;
        }
        catch (Exception exception) when (exception is IOException or JsonException or KeyNotFoundException or InvalidOperationException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Remember(string key, KvmMeasurement measured)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(cacheFile)!);
            using var stream = new MemoryStream();
            using (var writer = new Utf8JsonWriter(stream))
            {
                writer.WriteStartObject();
                writer.WriteString("key", key);
                writer.WriteNumber("instructions_per_second", measured.InstructionsPerSecond);
                writer.WriteString("obstacle", measured.Obstacle);
                writer.WriteEndObject();
            }

            File.WriteAllBytes(cacheFile + ".new", stream.ToArray());
            File.Move(cacheFile + ".new", cacheFile, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is measured again next time; that costs a tenth of a second.
        }
    }
}
