using System.Text.RegularExpressions;

namespace Wisp.Platform.Instances;

/// <summary>The rules of annotations. Pure.</summary>
internal static partial class AnnotationRules
{
    private const int MaxAnnotations = 256;

    /// <summary>The first rule that is broken, or null.</summary>
    public static WispError? Check(IReadOnlyDictionary<string, string>? annotations) => annotations switch
    {
        null => null,
        { Count: > MaxAnnotations } => new WispError(ErrorCode.TooMany, $"At most {MaxAnnotations} annotations are allowed."),
        _ when annotations.Keys.FirstOrDefault(key => !IsKey(key)) is { } key => new WispError(
            ErrorCode.InvalidValue, $"Invalid annotation '{key}'.", "A key is a name of at most 63 letters, digits and - _ ., or a DNS name, a '/' and such a name."),
        _ when annotations.FirstOrDefault(pair => pair.Value.Any(char.IsControl)) is { Key: { } key } =>
            new WispError(ErrorCode.InvalidValue, $"The annotation '{key}' has a control character in its value.", "Leave it out, or encode the value."),
        _ => null,
    };

    private static bool IsKey(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return Name().IsMatch(key[(slash + 1)..]) && (slash < 0 || (slash <= 253 && Prefix().IsMatch(key[..slash])));
    }

    [GeneratedRegex("^[-_.A-Za-z0-9]{1,63}$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Prefix();
}
