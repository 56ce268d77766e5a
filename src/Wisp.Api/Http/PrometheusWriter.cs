using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Wisp.Gateway;

namespace Wisp.Api.Http;

/// <summary>Writes measurements as Prometheus reads them (text format 0.0.4).</summary>
internal sealed class PrometheusWriter
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private const double MillisecondsPerSecond = 1000;

    private readonly StringBuilder _text = new();

    /// <summary>True for who does not ask for JSON.</summary>
    public static bool IsWantedBy(HttpContext context) =>
        !context.Request.Headers.Accept.Any(accept => accept?.Contains("application/json", StringComparison.OrdinalIgnoreCase) == true);

    /// <summary>Says what could not be measured.</summary>
    public void Comment(string text) => _text.Append("# ").Append(text.ReplaceLineEndings(" ")).Append('\n');

    /// <summary>Begins a series; its samples follow.</summary>
    public void Series(string name, string kind, string help) =>
        _text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(kind).Append('\n');

    /// <summary>One value.</summary>
    /// <param name="name">The series.</param>
    /// <param name="labels">What tells it from others, as <c>a="b",c="d"</c>; may be nothing.</param>
    /// <param name="value">The value.</param>
    public void Sample(string name, string labels, double value)
    {
        _text.Append(name);
        if (labels.Length > 0)
        {
            _text.Append('{').Append(labels).Append('}');
        }

        _text.Append(CultureInfo.InvariantCulture, $" {value:R}\n");
    }

    /// <summary>A histogram, in seconds.</summary>
    public void Histogram(string name, string labels, Latencies latencies)
    {
        var sum = latencies.Sum.TotalSeconds;
        var below = 0L;
        foreach (var (bucket, count) in latencies.Counts().Index())
        {
            below += count;
            var bound = bucket < Latencies.Bounds.Count ? (Latencies.Bounds[bucket] / MillisecondsPerSecond).ToString("R", CultureInfo.InvariantCulture) : "+Inf";
            Sample(name + "_bucket", $"{labels},le=\"{bound}\"", below);
        }

        Sample(name + "_sum", labels, sum);
        Sample(name + "_count", labels, below);
    }

    /// <summary>Answers with it.</summary>
    public Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = ContentType;
        return context.Response.WriteAsync(_text.ToString(), context.RequestAborted);
    }
}
