using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Configuration;
using Wisp.Cli.Connections;
using Profile = Wisp.Cli.Configuration.Profile;

namespace Wisp.Cli.Commands.Profiles;

/// <summary><c>wisp login</c>: keeps a server and a token as a profile.</summary>
internal static class LoginCommand
{
    private const string AuthorizationPath = "/v1/auth";

    public static Verb Create(Shell shell)
    {
        var controlPlane = new Option<string>("--controlplane") { Description = "The server, which knows the metros.", HelpName = "URL" };
        var insecure = new Option<bool>("-k", "--allow-insecure") { Description = "Accept any certificate." };
        var token = new Option<string>("--token") { Description = "A file with the token; '-' is standard input. Without it, it is asked for.", HelpName = "FILE|-" };
        var organization = new Option<string>("--organization") { Description = "The organisation [the token's].", HelpName = "NAME" };
        var check = new Option<bool>("--check") { Description = "Only see whether the profile's token is good." };
        var noBrowser = new Option<bool>("--no-browser") { Description = "As it always is: nobody is sent to a browser." };
        return new Verb(
            "login", "Keep a server and a token as a profile, and use it from now on.",
            "wisp login --controlplane http://10.0.0.5:7077 --token token.txt", "wisp login --profile work --controlplane https://wisp.example.com --token -", "wisp login --check")
        {
            controlPlane, insecure, token, organization, check, noBrowser,
        }.Runs(shell, call => call.Get(check)
            ? CheckAsync(call)
            : LoginAsync(call, call.Get(controlPlane), call.Get(insecure), call.Get(token), call.Get(organization)));
    }

    private static async Task<Result<int>> LoginAsync(Invocation call, string? controlPlane, bool insecure, string? tokenFile, string? organization)
    {
        if (ConfigFile.Load(call.Where.Config, call.Shell.Variable).Failed(out var error, out var config))
        {
            return error;
        }

        var name = call.Where.Profile ?? call.Shell.Variable(ConfigFile.ProfileVariable) ?? (config.Current is { } current and not Profile.OfNode ? current : "default");
        if (name == Profile.OfNode)
        {
            return new WispError(ErrorCode.NotAllowed, $"Profile '{name}' is the node of the data directory and needs no login.", "Choose another name with --profile.");
        }

        var before = config.Profiles.FirstOrDefault(profile => profile.Name == name);
        var address = controlPlane ?? before?.ControlPlane;
        if (address is null)
        {
            return new WispError(ErrorCode.IdentifierMissing, "There is no server to log in to.", "Name it: wisp login --controlplane http://HOST:7077");
        }

        if (ServerLocator.Url("The control plane", address).Failed(out error, out var uri) || (await TokenAsync(call, tokenFile)).Failed(out error, out var token))
        {
            return error;
        }

        var server = new Server(uri, token, null) { Insecure = insecure };
        if ((await AuthorizeAsync(server, call.Shell, call.Cancellation)).Failed(out error, out var authorization)
            || (await MetrosOf.ControlPlaneAsync(server, call.Shell, call.Cancellation)).Failed(out error, out var metros))
        {
            return error;
        }

        // What the file says besides stays; metros are asked for, so that they are those of today.
        var settings = before?.Settings.DeepClone() as JsonObject ?? [];
        settings["type"] = "cloud";
        settings["token"] = token;
        settings["organization"] = organization ?? Listing.Text(authorization, "organization_name");
        settings["organization_uuid"] = Listing.Text(authorization, "organization_uuid");
        settings["controlplane"] = server.Address;
        settings["controlplane_insecure"] = insecure;
        settings["metro_default"] ??= metros[0].Metro;
        config.Put(new Profile(name, settings));
        config.Use(name);
        if (config.Save().Failed(out error))
        {
            return error;
        }

        call.Shell.Error.WriteLine($"Logged in to {server.Address} as {settings["organization"]}: profile '{name}' in {config.Path}.");
        return ExitCode.Ok;
    }

    private static async Task<Result<int>> CheckAsync(Invocation call)
    {
        if ((await call.RouteAsync()).Failed(out var error, out var router))
        {
            return error;
        }

        foreach (var metro in router.Metros)
        {
            if ((await AuthorizeAsync(metro.Server, call.Shell, call.Cancellation)).Failed(out error, out var authorization))
            {
                return error;
            }

            call.Shell.Error.WriteLine($"{metro.Server.Address} accepts the token of {Listing.Text(authorization, "organization_name")}.");
        }

        return ExitCode.Ok;
    }

    private static async Task<Result<JsonObject>> AuthorizeAsync(Server server, Shell shell, CancellationToken cancellation)
    {
        using var client = new ApiClient(server, shell);
        if ((await client.SendAsync(HttpMethod.Get, AuthorizationPath, null, cancellation)).Failed(out var error, out var answer))
        {
            return error;
        }

        return !answer.Ok ? client.Refused(answer.Status, Listing.MessageOf(answer.Body))
            : (JsonNode.Parse(answer.Body) as JsonObject)?["data"] is JsonObject data ? data
            : new WispError(ErrorCode.OperationFailed, $"{server.Address} does not say whose token it is.", "See that it is a Wisp server of this version.");
    }

    private static async Task<Result<string>> TokenAsync(Invocation call, string? file)
    {
        string text;
        try
        {
            text = file switch
            {
                "-" => await call.Shell.Input.ReadToEndAsync(call.Cancellation),
                not null => await File.ReadAllTextAsync(file, call.Cancellation),
                null when call.Shell is { InputIsTerminal: true, ErrorIsTerminal: true } => await call.Shell.ProgressConsole.PromptAsync(new TextPrompt<string>("Token:").Secret(), call.Cancellation),
                null => "",
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new WispError(ErrorCode.InvalidValue, $"Cannot read '{file}': {exception.Message}", "Name a file with the token, or '-'.");
        }

        return text.Trim() is { Length: > 0 } token ? token : new WispError(ErrorCode.IdentifierMissing, "There is no token.", "Give it with --token FILE, or --token - and standard input.");
    }
}
