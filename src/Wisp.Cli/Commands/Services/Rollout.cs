using System.Text.Json.Nodes;
using Spectre.Console;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Commands.Instances;
using Wisp.Cli.Connections;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Commands.Services;

/// <summary>What is new takes the place of what a service has.</summary>
internal sealed class Rollout
{
    private readonly Invocation _call;
    private readonly string _service;
    private readonly IReadOnlyList<(string Key, string Name)> _old;

    private Rollout(Invocation call, string service, IReadOnlyList<(string Key, string Name)> old, bool oldFirst) => (_call, _service, _old, OldFirst) = (call, service, old, oldFirst);

    /// <summary>True where the old ones go before the new ones come.</summary>
    public bool OldFirst { get; }

    /// <summary>The rollout that a request is; null where its service has nothing to replace.</summary>
    /// <param name="call">The command line.</param>
    /// <param name="request">The request for the new ones.</param>
    /// <param name="way">How, where that was said.</param>
    public static async Task<Result<Rollout?>> OfAsync(Invocation call, JsonObject request, string? way)
    {
        if (request["service_group"] is not JsonObject group || group.ContainsKey("services") || (Listing.Text(group, "name") ?? Listing.Text(group, "uuid")) is not { } service)
        {
            return way is null ? (Rollout?)null : new WispError(ErrorCode.IdentifierMissing, "--rollout is about a service, and there is none.", "Name it with --service.");
        }

        // One that there is not is the server's to refuse.
        if ((await call.AskAsync(HttpMethod.Get, Resources.Services.Path, Reference.ToJson([service]))).Failed(out var error, out var answer))
        {
            return error;
        }

        if (answer.Items is not [var found, ..] || found["instances"] is not JsonArray { Count: > 0 } instances)
        {
            return (Rollout?)null;
        }

        // What autoscale made is autoscale's to take away; it would make more of the old ones meanwhile.
        if (found["autoscale"] is JsonValue scales && scales.TryGetValue<bool>(out var isScaling) && isScaling)
        {
            return new WispError(
                ErrorCode.AutoscaleConfigured, $"Service '{service}' scales by itself, so that its instances cannot be replaced one by one.",
                $"Stop that first (wisp services autoscale delete {service}), and set it again with a template of the new image afterwards.");
        }

        if (way is null && (await AskAsync(call, service, instances.Count)).Failed(out error, out way))
        {
            return error;
        }

        // A group that was made along with its instances goes with the last of them.
        return way == RolloutWord.Replace && found["persistent"] is JsonValue kept && kept.TryGetValue<bool>(out var persistent) && !persistent
            ? new WispError(ErrorCode.CannotBeUsed, $"Service '{service}' goes with the last of its instances, so that they cannot go first.", "Let the new ones come first: --rollout rolling")
            : new Rollout(
                call, service,
                [.. instances.OfType<JsonObject>().Select(instance => (Key(found, Listing.Text(instance, "uuid")!), Listing.Text(instance, "name") ?? ""))],
                way == RolloutWord.Replace);
    }

    /// <summary>The error of new ones that did not come up.</summary>
    public WispError Untouched(WispError error) => OldFirst ? error : error with { Message = $"{error.Message} What service '{_service}' had, goes on: {Names()}." };

    /// <summary>Lets the new ones serve; null where they do.</summary>
    public WispError? Check(Listing made) => !OldFirst && (made.Failures.Count > 0 || made.Items.Any(item => Listing.Text(item, "state") is not ("running" or "standby")))
        ? Untouched(new WispError(
            ErrorCode.OperationFailed, "Not all of the new instances serve.",
            $"See why, and delete them: wisp instances logs {string.Join(' ', made.Items.Select(item => Listing.Text(item, "name")))}"))
        : null;

    /// <summary>Stops the old ones, each once what it has begun is answered, and deletes them, one after the other.</summary>
    public async Task<Result> RetireAsync()
    {
        foreach (var (key, name) in _old)
        {
            if ((await RetireAsync(key)) is { } error)
            {
                return error with { NextStep = $"{error.NextStep} Not replaced yet: {Names(from: key)}.".TrimStart() };
            }

            _call.Shell.Error.WriteLine($"Instance '{Printable.Line(name)}' is stopped and deleted.");
        }

        return Result.Success;
    }

    private async Task<WispError?> RetireAsync(string key)
    {
        foreach (var ask in (Func<Task<Result<Listing>>>[])
        [
            () => _call.AskAsync(HttpMethod.Put, Resources.Instances.Path + "/stop", Reference.ToJson([key], ("drain_timeout_ms", -1))),
            // A delete would not wait for what it has begun.
            () => _call.AskAsync(HttpMethod.Get, Resources.Instances.Path + "/wait", Reference.ToJson([key], ("state", "stopped"), ("timeout_ms", -1))),
            () => DeleteCommand.AskAsync(_call, [key]),
        ])
        {
            var failure = (await ask()).Failed(out var error, out var answer) ? error : answer.Failures.FirstOrDefault();
            // One that deletes itself when it stops is gone already.
            if (failure is { Code: not ErrorCode.NotFound })
            {
                return failure;
            }
        }

        return null;
    }

    private string Names(string? from = null) => string.Join(", ", _old.SkipWhile(old => from is not null && old.Key != from).Select(old => old.Name));

    private static string Key(JsonObject group, string uuid) => Listing.Text(group, "metro") is { } metro ? $"{metro}/{uuid}" : uuid;

    private static async Task<Result<string>> AskAsync(Invocation call, string service, int count)
    {
        var has = $"Service '{service}' has {Words.Count(count, "instance")} already";
        if (call.Shell is not { InputIsTerminal: true, OutputIsTerminal: true, ErrorIsTerminal: true })
        {
            return new WispError(
                ErrorCode.OperationFailed, $"{has}.", "Say what becomes of them: --rollout rolling or --rollout replace; 'wisp instances create --autostart' leaves them and makes one more.");
        }

        const string Nothing = "nothing: leave it as it is";
        var chosen = await call.Shell.ProgressConsole.PromptAsync(
            new SelectionPrompt<string>().Title(Markup.Escape($"{has}. What becomes of them?"))
                .AddChoices("rolling: start the new, then stop and delete the old", "replace: stop and delete the old, then start the new", Nothing),
            call.Cancellation);
        return chosen == Nothing ? new WispError(ErrorCode.OperationFailed, $"{has}, and nothing was changed.") : chosen.Split(':')[0];
    }
}
