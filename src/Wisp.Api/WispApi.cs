using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wisp.Api.Frozen;
using Wisp.Api.Http;
using Wisp.Api.Images;
using Wisp.Api.Instances;
using Wisp.Api.Services;
using Wisp.Contracts;
using Wisp.Images;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Platform.Services;

namespace Wisp.Api;

/// <summary>Puts the API into a web application.</summary>
public static class WispApi
{
    /// <summary>Adds everything: errors, authentication, endpoints.</summary>
    /// <param name="app">The application; it needs routing (<see cref="RoutingServiceCollectionExtensions.AddRoutingCore"/>).</param>
    /// <param name="options">Settings.</param>
    /// <param name="instances">Instances.</param>
    /// <param name="groups">Service groups.</param>
    /// <param name="frozen">Templates and checkpoints.</param>
    /// <param name="snapshots">Their files.</param>
    /// <param name="images">Images.</param>
    public static void UseWispApi(
        this WebApplication app, ApiOptions options, IInstanceService instances, IServiceGroupService groups, IFrozenInstanceService frozen,
        ISnapshotService snapshots, IImageStore images)
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
        new InstanceEndpoints(instances).Map(app);
        new ObservationEndpoints(instances).Map(app);
        new FrozenEndpoints(frozen).Map(app);
        new SnapshotEndpoints(snapshots).Map(app);
        new ServiceGroupEndpoints(groups).Map(app);
        new ImageEndpoints(images).Map(app);
        app.MapGet("/v1/healthz", context => Answers.ObjectAsync(
            context,
            new HealthData(
                new Dictionary<string, string>(StringComparer.Ordinal) { ["images"] = "healthy", ["systemd"] = "unknown" },
                options.Versions,
                new License("wisp", true, ["*"])),
            WireJson.Default.EnvelopeHealthData));
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
