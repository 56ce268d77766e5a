namespace Wisp.Guest.Entrypoint;

/// <summary>The environment as Docker makes it: PATH, HOSTNAME and HOME where nobody gave them, later values over earlier. Pure.</summary>
internal static class EnvironmentBlock
{
    /// <summary>PATH when the image has none.</summary>
    public const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Builds it, as <c>NAME=value</c>.</summary>
    public static List<string> Build(IReadOnlyList<string> configured, string hostname, string home)
    {
        var order = new List<string>();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in (string[])["PATH=" + DefaultPath, "HOSTNAME=" + hostname, .. configured])
        {
            var split = pair.IndexOf('=');
            var name = split < 0 ? pair : pair[..split];
            if (!values.ContainsKey(name))
            {
                order.Add(name);
            }

            values[name] = split < 0 ? "" : pair[(split + 1)..];
        }

        if (!values.TryGetValue("HOME", out var given) || given.Length == 0)
        {
            if (values.TryAdd("HOME", home))
            {
                order.Add("HOME");
            }

            values["HOME"] = home;
        }

        return [.. order.Select(name => $"{name}={values[name]}")];
    }

    /// <summary>The value of a variable, or null.</summary>
    public static string? Value(IReadOnlyList<string> environment, string name) =>
        environment.FirstOrDefault(pair => pair.StartsWith(name + "=", StringComparison.Ordinal)) is { } pair ? pair[(name.Length + 1)..] : null;
}
