using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Wisp.Api;
using Wisp.Gateway;
using Wisp.Gateway.Listening;
using Wisp.Layout;

namespace Wisp.Daemon;

/// <summary>Runs the daemon in the foreground.</summary>
internal static class ServeCommand
{
    private static readonly string Version =
        typeof(ServeCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    // Whoever waits for something in the API asks again.
    private static readonly TimeSpan ApiPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(5);

    public static async Task<Result> RunAsync(DataDirectory data, IPEndPoint listen, NodeSettings settings, CancellationToken cancellation)
    {
        // First of all: until then the signal would end the process.
        using var replacement = new Replacement();
        using var sockets = ListenSockets.Inherit();
        if (HostChecks.RequireRoot("wispd").Failed(out var error)
            || HostChecks.Prepare(data).Failed(out error)
            // Who only looks whether somebody serves has it for a moment.
            || (await DataDirectoryLock.TakeAsync(data, sockets.IsSuccessor ? LockPatience : TimeSpan.Zero, TimeProvider.System, cancellation)).Failed(out error, out var held))
        {
            return error;
        }

        using (held)
        {
            await using var app = Build(listen, sockets);
            var loggers = app.Services.GetRequiredService<ILoggerFactory>();
            try
            {
                TokenFile.Ensure(data);
                if ((await Node.OpenAsync(data, canStart: true, settings, sockets, loggers, cancellation)).Failed(out error, out var node))
                {
                    return error;
                }

                await using (node)
                {
                    if ((await ServeAsync(app, node, data, listen, settings.RateLimit, sockets, replacement, cancellation)).Failed(out error))
                    {
                        return error;
                    }
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return new WispError(
                    ErrorCode.OperationFailed, $"Cannot serve {data.Root}: {exception.Message}", "See that the disk has room and the directory can be written.", "disk-full");
            }
        }

        return replacement.IsWanted && !cancellation.IsCancellationRequested ? replacement.Become(sockets) : Result.Success;
    }

    private static async Task<Result> ServeAsync(
        WebApplication app, Node node, DataDirectory data, IPEndPoint listen, RateLimit? limit, ListenSockets sockets, Replacement replacement, CancellationToken cancellation)
    {
        app.UseWispApi(
            new ApiOptions(data.TokenFile, new Dictionary<string, string>(StringComparer.Ordinal) { ["wispd"] = Version }) { RateLimit = limit },
            new ApiRooms(node.Platform, node.Images, node.Authority, TimeProvider.System));
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException exception)
        {
            var directory = data.Root == DataDirectory.Default ? "" : $" --data-dir {data.Root}";
            return new WispError(
                ErrorCode.OperationFailed,
                $"The API cannot listen on {listen}: {exception.Message}",
                $"Free the port, or have a free one picked: wisp up --listen 127.0.0.1:0{directory}",
                "port-taken");
        }

        var endpoint = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        DaemonFile.Write(data, new DaemonRecord(
            endpoint, data.TokenFile, node.Engine.Description.Accelerator, node.Engine.Description.AcceleratorReason, Environment.ProcessId, data.Root, Version, TimeProvider.System.GetUtcNow()));
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Wisp.Daemon");
        sockets.CloseUnclaimed();
        log.Serving(endpoint, data.Root);
        if (await replacement.UntilWantedAsync(cancellation))
        {
            // The file stays: whoever looks for the daemon finds its successor there.
            log.Replacing();
            await node.DrainAsync();
            using var patience = new CancellationTokenSource(ApiPatience);
            await app.StopAsync(patience.Token);
            if (!cancellation.IsCancellationRequested)
            {
                return Result.Success;
            }
        }

        log.Stopping();
        DaemonFile.Delete(data);
        return Result.Success;
    }

    private static WebApplication Build(IPEndPoint listen, ListenSockets sockets)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                console.ColorBehavior = LoggerColorBehavior.Disabled;
            })
            .SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Yarp", LogLevel.Error)
            // Says with a stack trace what is an error value of ours.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.WebHost.UseKestrelCore().UseSockets(transport => transport.CreateBoundListenSocket = endpoint => sockets.Open("api", endpoint)).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = ApiLimits.MaxBodyBytes;
            // Whoever reaches the port opens them, with a token or without.
            kestrel.Limits.MaxConcurrentConnections = ClientConnections.OfApi;
            kestrel.Limits.MaxConcurrentUpgradedConnections = ClientConnections.OfApi;
            kestrel.Listen(listen, options => options.UseEnvelopes());
        });
        builder.Services.AddRoutingCore();
        return builder.Build();
    }
}
