using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wisp.Api.Autoscale;
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
        var authentication = new TokenAuthentication(options.TokenFile);
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Wisp.Api");
        app.Use((context, next) => AnswerErrorsAsync(context, next, logger));
        app.Use((context, next) =>
        {
            // Clients write paths with doubled and trailing slashes.
            var path = string.Join('/', (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries));
            context.Request.Path = "/" + path;
            // Everything but the sign of life: a rule that looked for /v1 would have to know every spelling that routing takes.
            if (path.Length > 0 && authentication.Check(context.Request.Headers.Authorization) is { } refused)
            {
                context.Response.Headers.WWWAuthenticate = "Bearer";
                throw new RequestFailure(StatusCodes.Status401Unauthorized, refused);
            }

            return next(context);
        });
        app.UseRouting();
        // Routing itself answers a wrong method and an unknown path; those answers have to be envelopes too.
        app.Use(async (context, next) =>
        {
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
        new InstanceEndpoints(rooms.Instances).Map(app);
        new ObservationEndpoints(rooms.Instances).Map(app);
        new MetricsEndpoints(rooms.Instances).Map(app);
        new FrozenEndpoints(rooms.Frozen).Map(app);
        new SnapshotEndpoints(rooms.Snapshots).Map(app);
        new ServiceGroupEndpoints(rooms.Groups).Map(app);
        new AutoscaleEndpoints(rooms.Groups).Map(app);
        var controlPlane = new ControlPlaneEndpoints(options.Metro, authentication, rooms.Images);
        controlPlane.Map(app);
        new ImageEndpoints(rooms.Images, controlPlane).Map(app);
        new NodeEndpoints(options, authentication, rooms.Usage, rooms.Images).Map(app);
        new NotYetEndpoints().Map(app);
        new PluginEndpoints(rooms.Instances).Map(app);
        app.MapGet(OpenApiDocument.Path, OpenApiDocument.AnswerAsync);
        app.MapGet("/", context => Answers.ObjectAsync(
            context,
            new HealthData(new Dictionary<string, string>(StringComparer.Ordinal), options.Versions, new License("wisp", true, ["*"])),
            WireJson.Default.EnvelopeHealthData));
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
