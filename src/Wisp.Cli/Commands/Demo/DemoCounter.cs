using System.Globalization;

namespace Wisp.Cli.Commands.Demo;

/// <summary>Asks an application how often it was asked.</summary>
internal sealed class DemoCounter(CancellationToken cancellation) : IDisposable
{
    private readonly HttpClient _http = new();

    /// <summary>Its count; null when it has none.</summary>
    public async Task<long?> AskAsync(string url)
    {
        try
        {
            return long.TryParse((await _http.GetStringAsync($"{url}/count", cancellation)).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();
}
