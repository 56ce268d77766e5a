using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wisp.Api.Accounts;
using Wisp.Api.Audit;
using Wisp.Api.Autoscale;
using Wisp.Api.Certificates;
using Wisp.Api.ControlPlane;
using Wisp.Api.Frozen;
using Wisp.Api.Http;
using Wisp.Api.Images;
using Wisp.Api.Instances;
using Wisp.Api.Node;
using Wisp.Api.NotYet;
using Wisp.Api.OpenApi;
using Wisp.Api.Services;
using Wisp.Contracts;

namespace Wisp.Api;

/// <summary>Puts the API into a web application.</summary>
public static class WispApi
{
    /// <summary>Adds everything: errors, authentication, endpoints.</summary>
    /// <param name="app">The application; it needs routing (<see cref="RoutingServiceCollectionExtensions.AddRoutingCore"/>).</param>
    /// <param name="options">Settings.</param>
    /// <param name="rooms">What it speaks for.</param>
    public static void UseWispApi(this WebApplication app, ApiOptions options, ApiRooms rooms)
    {
        var authentication = new TokenAuthentication(options.TokenFile, rooms.Platform.Accounts);
        var limits = new RateLimits(options.RateLimit);
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Wisp.Api");
        app.Use((context, next) => AnswerErrorsAsync(context, next, logger));
        app.Use((context, next) =>
        {
            // Clients write paths with doubled and trailing slashes.
            var path = string.Join('/', (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries));
            context.Request.Path = "/" + path;
            // Everything but the sign of life: a rule that looked for /v1 would have to know every spelling that routing takes.
            if (path.Length == 0)
            {
                return next(context);
            }

            if (authentication.Check(context.Request.Headers.Authorization).Failed(out var refused, out var caller))
            {
                context.Response.Headers.WWWAuthenticate = "Bearer";
                throw new RequestFailure(StatusCodes.Status401Unauthorized, refused);
            }

            if (limits.Take(caller) is { } wait)
            {
                throw TooMany(context, wait, new WispError(ErrorCode.TooMany, "Too many requests with this token.", "Send fewer, or wait as long as 'Retry-After' says."));
            }

            Callers.Set(context, caller, rooms.Platform.For(caller));
            return next(context);
        });
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromMinutes(1) });
        app.UseRouting();
        // Routing itself answers a wrong method and an unknown path; those answers have to be envelopes too.
        app.Use(async (context, next) =>
        {
            Authorization.Check(context);
            await next(context);
            if (context.Response is { StatusCode: StatusCodes.Status405MethodNotAllowed, HasStarted: false })
            {
                throw new RequestFailure(
                    StatusCodes.Status405MethodNotAllowed,
                    new WispError(ErrorCode.WrongMethod, $"{context.Request.Method} does not go with {context.Request.Path}.", $"Allowed: {context.Response.Headers.Allow}."));
            }

            if (context.Response is { StatusCode: StatusCodes.Status404NotFound, HasStarted: false })
            {
                throw new RequestFailure(
                    StatusCodes.Status404NotFound,
                    new WispError(ErrorCode.NoSuchEndpoint, $"No endpoint {context.Request.Method} {context.Request.Path}.", "All paths begin with /v1."));
            }
        });
        InstanceEndpoints.Map(app);
        ObservationEndpoints.Map(app);
        MetricsEndpoints.Map(app);
        new TunnelEndpoints(authentication, rooms.Time).Map(app);
        FrozenEndpoints.Map(app);
        SnapshotEndpoints.Map(app);
        ServiceGroupEndpoints.Map(app);
        ServiceMetricsEndpoints.Map(app);
        new CertificateEndpoints(rooms.Authority).Map(app);
        AutoscaleEndpoints.Map(app);
        PolicyEndpoints.Map(app);
        new UserEndpoints(rooms.Platform.Accounts).Map(app);
        new TokenEndpoints(rooms.Platform.Accounts, limits).Map(app);
        new AuditEndpoints(authentication, rooms.Time).Map(app);
        var controlPlane = new ControlPlaneEndpoints(options.Metro, rooms.Images);
        controlPlane.Map(app);
        new ImageEndpoints(rooms.Images, rooms.Platform.Images, controlPlane).Map(app);
        new NodeEndpoints(options, rooms.Platform, rooms.Images).Map(app);
        new NotYetEndpoints().Map(app);
        PluginEndpoints.Map(app);
        app.MapGet(OpenApiDocument.Path, OpenApiDocument.AnswerAsync).WithMetadata(new Access(Role.Read));
        app.MapGet("/", context => Answers.ObjectAsync(
            context,
            new HealthData(new Dictionary<string, string>(StringComparer.Ordinal), options.Versions, new License("wisp", true, ["*"])),
            WireJson.Default.EnvelopeHealthData)).WithMetadata(new Access(null));
    }

    /// <summary>A request that came too soon.</summary>
    internal static RequestFailure TooMany(HttpContext context, TimeSpan wait, WispError error)
    {
        context.Response.Headers.RetryAfter = Math.Ceiling(Math.Max(wait.TotalSeconds, 1)).ToString(CultureInfo.InvariantCulture);
        return new RequestFailure(StatusCodes.Status429TooManyRequests, error);
    }

    // The one place that answers what went wrong with a request as a whole.
    private static async Task AnswerErrorsAsync(HttpContext context, RequestDelegate next, ILogger logger)
    {
        Answers.Begin(context);
        try
        {
            await next(context);
        }
        catch (RequestFailure failure) when (!context.Response.HasStarted)
        {
            await Answers.FailureAsync(context, failure.Status, failure.Error);
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            await Answers.FailureAsync(context, exception.StatusCode, new WispError(ErrorCode.Malformed, "The request cannot be read: " + exception.Message));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            logger.Unexpected(exception, context.Request.Method, context.Request.Path);
            await Answers.FailureAsync(
                context, StatusCodes.Status500InternalServerError,
                new WispError(ErrorCode.Unknown, "Something went wrong in wispd.", "Its log says what; 'wisp status' names the file."));
        }
    }
}
