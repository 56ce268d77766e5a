using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wisp.Api;
using Wisp.Layout;

namespace Wisp.Daemon;

/// <summary>Runs the daemon in the foreground.</summary>
internal static class ServeCommand
{
    public static async Task<Result> RunAsync(DataDirectory data, IPEndPoint listen, CancellationToken cancellation)
    {
        if (HostChecks.RequireRoot("wispd").Failed(out var error)
            || HostChecks.Prepare(data).Failed(out error)
            || DataDirectoryLock.TryTake(data).Failed(out error, out var held))
        {
            return error;
        }

        using (held)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders().AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                console.ColorBehavior = Microsoft.Extensions.Logging.Console.LoggerColorBehavior.Disabled;
            });
            builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Yarp", LogLevel.Error);
            using var loggers = LoggerFactory.Create(logging => logging.AddConfiguration(builder.Configuration));
            builder.WebHost.ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = ApiLimits.MaxBodyBytes;
                kestrel.Listen(listen);
            });

            await using var services = builder.Services.BuildServiceProvider();
            if ((await Node.OpenAsync(data, services.GetRequiredService<ILoggerFactory>(), cancellation)).Failed(out error, out var node))
            {
                return error;
            }

            await using (node)
            {
                return await ServeAsync(builder, node, data, listen, cancellation);
            }
        }
    }

    private static async Task<Result> ServeAsync(
        WebApplicationBuilder builder, Node node, DataDirectory data, IPEndPoint listen, CancellationToken cancellation)
    {
        return await Task.FromResult(Result.Success);
    }
}
