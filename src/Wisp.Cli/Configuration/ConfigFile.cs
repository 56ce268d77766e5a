using System.Text.Json.Nodes;
using Wisp.Cli.Output;

namespace Wisp.Cli.Configuration;

/// <summary>The configuration file: profiles, and which of them is used.</summary>
internal sealed class ConfigFile
{
    public const string PathVariable = "WISP_CONFIG";
    public const string ProfileVariable = "WISP_PROFILE";

    private readonly JsonObject _root;

    private ConfigFile(string path, JsonObject root) => (Path, _root) = (path, root);

    public string Path { get; }

    /// <summary>All of it.</summary>
    public JsonObject Root => _root;

    /// <summary>The name of the profile that is used when none is named; null where none is.</summary>
    public string? Current => _root["profile"] is JsonValue value && value.ToString() is { Length: > 0 } name ? name : null;

    public IReadOnlyList<Profile> Profiles => [.. (_root["profiles"] as JsonObject ?? []).Where(pair => pair.Value is JsonObject).Select(pair => new Profile(pair.Key, (JsonObject)pair.Value!))];

    /// <summary>Where it is.</summary>
    /// <param name="named">The one that the command line names.</param>
    /// <param name="variable">Reads the environment.</param>
    public static string? PathOf(string? named, Func<string, string?> variable) =>
        named ?? NotEmpty(variable(PathVariable))
        ?? (NotEmpty(variable("XDG_CONFIG_HOME")) is { } folder ? System.IO.Path.Combine(folder, "wisp", "config.yaml")
            : NotEmpty(variable("HOME")) is { } home ? System.IO.Path.Combine(home, ".config", "wisp", "config.yaml")
            : null);

    /// <summary>Reads it; one that is not there is empty.</summary>
    public static Result<ConfigFile> Load(string? named, Func<string, string?> variable)
    {
        if (PathOf(named, variable) is not { } path)
        {
            return new ConfigFile("", []);
        }

        try
        {
            if (!File.Exists(path))
            {
                return new ConfigFile(path, []);
            }

            return Yaml.Read(File.ReadAllText(path)).Failed(out var error, out var root) ? error with { Message = $"{path}: {error.Message}" }
                : root is null ? new ConfigFile(path, [])
                : root is JsonObject map ? new ConfigFile(path, map)
                : new WispError(ErrorCode.Malformed, $"{path} is not a configuration: it has no names with values.", "Mend it, or log in anew after moving it away.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new WispError(ErrorCode.OperationFailed, $"Cannot read {path}: {exception.Message}", $"Name another with --config or {PathVariable}.");
        }
    }

    /// <summary>The profile of a name.</summary>
    public Result<Profile> Find(string name) => Profiles.FirstOrDefault(profile => profile.Name == name) is { } found
        ? found
        : new WispError(ErrorCode.NotFound, $"There is no profile '{name}' in {Path}.", "See them with 'wisp profile list', or make one: wisp login --profile " + Words.Quote(name));

    /// <summary>Makes or replaces a profile.</summary>
    public void Put(Profile profile)
    {
        var profiles = _root["profiles"] as JsonObject ?? [];
        _root["profiles"] ??= profiles;
        profiles[profile.Name] = profile.Settings.Parent is null ? profile.Settings : profile.Settings.DeepClone();
    }

    /// <summary>Says which profile is used from now on.</summary>
    public void Use(string name)
    {
        // First in the file, as people write it.
        _root.Remove("profile");
        _root.Insert(0, "profile", name);
    }

    /// <summary>Writes it so that only its owner reads it, and whole or not at all.</summary>
    public Result Save()
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);
            var draft = $"{Path}.{Environment.ProcessId}";
            using (var file = new FileStream(draft, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            using (var writer = new StreamWriter(file))
            {
                writer.Write(Yaml.Write(_root));
            }

            File.Move(draft, Path, overwrite: true);
            return Result.Success;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new WispError(ErrorCode.OperationFailed, $"Cannot write {Path}: {exception.Message}", $"Name another with --config or {PathVariable}.");
        }
    }

    private static string? NotEmpty(string? text) => text is { Length: > 0 } ? text : null;
}
