using System.Text.Json.Serialization;

namespace Wisp.Gateway.Observing;

/// <summary>A line of the access log: one request, or one connection without HTTP, once it is over. What does not apply is not in it.</summary>
internal sealed class AccessEntry
{
    private long _received;
    private long _sent;

    /// <summary>When it came, RFC 3339.</summary>
    public required DateTime Time { get; init; }
    public string? Service { get; init; }
    /// <summary>What the client asked for, by Host or SNI.</summary>
    public string? Domain { get; init; }
    public string? Instance { get; set; }
    /// <summary>Address and port.</summary>
    public string? Client { get; init; }
    public string? Method { get; init; }
    /// <summary>As the client wrote it, without the query: that is where secrets are.</summary>
    public string? Path { get; init; }
    public required string Protocol { get; init; }
    public int? Status { get; set; }
    public long BytesIn => Volatile.Read(ref _received);
    public long BytesOut => Volatile.Read(ref _sent);
    public double DurationMs { get; set; }
    public double? HoldMs { get; set; }
    public double? WakeMs { get; set; }
    /// <summary>How many other instances were tried before.</summary>
    public int? Retried => Tries > 1 ? Tries - 1 : null;
    public string? Error { get; set; }
    public string? TraceId { get; init; }

    [JsonIgnore]
    public long Began { get; init; }

    [JsonIgnore]
    public int Tries { get; set; }

    /// <summary>Whether it is written even where only some are.</summary>
    [JsonIgnore]
    public bool IsFailure => Status is { } status ? status >= 500 : Error is not null;

    public void Receive(long bytes) => Interlocked.Add(ref _received, bytes);

    public void Send(long bytes) => Interlocked.Add(ref _sent, bytes);

    /// <summary>Milliseconds as they are written.</summary>
    public static double Milliseconds(TimeSpan span) => Math.Round(span.TotalMilliseconds, 3);
}

/// <summary>Source-generated JSON of the access log. Its encoder leaves no character that could end a line.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AccessEntry))]
internal sealed partial class AccessJson : JsonSerializerContext;
