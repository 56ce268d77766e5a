using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Wisp.Gateway.Observing;

namespace Wisp.Gateway.Tests.Support;

/// <summary>A gateway with an access log in a file of its own.</summary>
internal sealed class LoggedGateway : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("wisp-access-").FullName;

    private LoggedGateway()
    {
    }

    public string File => Path.Combine(_directory, "access.log");

    public AccessLog Log { get; private set; } = null!;

    public TestGateway Gateway { get; private set; } = null!;

    public static async Task<LoggedGateway> StartAsync(int port, RouteProtocol protocol = RouteProtocol.Http, double rate = 1, Func<double>? draw = null)
    {
        var logged = new LoggedGateway();
        Assert.False(AccessLog.Open(logged.File, rate, draw ?? (() => 0), NullLogger.Instance).Failed(out _, out var log));
        logged.Log = log;
        logged.Gateway = await TestGateway.StartAsync(port, protocol, log: log);
        return logged;
    }

    /// <summary>The lines, once there are so many.</summary>
    public async Task<IReadOnlyList<JsonElement>> LinesAsync(int count)
    {
        await Eventually.TrueAsync(() => Log.Lines >= count);
        return await ReadAsync(File);
    }

    public static async Task<IReadOnlyList<JsonElement>> ReadAsync(string file) =>
        [.. (await System.IO.File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken)).Select(line => JsonDocument.Parse(line).RootElement)];

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Log.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
