using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Wisp.Platform.Naming;

/// <summary>The rule for names of resources (platform API, "Identifiers, naming").</summary>
public static class ResourceName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 63;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");

    /// <summary>Lowers a name and checks it.</summary>
    /// <param name="text">The name as given.</param>
    /// <param name="name">The name as stored.</param>
    /// <param name="error"><see cref="ErrorCode.InvalidValue"/>, or <see cref="ErrorCode.TooLong"/>, worded as clients match it.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out string? name, [NotNullWhen(false)] out WispError? error)
    {
        var lowered = text.ToLowerInvariant();
        error = lowered switch
        {
            { Length: 0 } => Invalid(text),
            { Length: > MaxLength } => new WispError(
                ErrorCode.TooLong, $"Invalid name '{text[..MaxLength]}…'.", $"A name has at most {MaxLength} characters."),
            _ when lowered[^1] is '-' or '.' || lowered[0] is '-' or '.' => Invalid(text),
            _ when lowered.Contains("--", StringComparison.Ordinal) || lowered.Contains("..", StringComparison.Ordinal) => Invalid(text),
            _ when lowered.AsSpan().ContainsAnyExcept(Allowed) => Invalid(text),
            _ => null,
        };
        name = error is null ? lowered : null;
        return error is null;
    }

    /// <summary>The name that is nearest to a text: <c>-</c> in the place of what is refused. Empty when nothing is left.</summary>
    public static string Nearest(string text)
    {
        var name = new StringBuilder(text.Length);
        foreach (var character in text.ToLowerInvariant().Select(character => Allowed.Contains(character) ? character : '-'))
        {
            if (char.IsAsciiLetterOrDigit(character) || name.Length == 0 || name[^1] != character)
            {
                name.Append(character);
            }
        }

        return name.ToString().Trim('-', '.');
    }

    private static WispError Invalid(string text) => new(
        ErrorCode.InvalidValue,
        $"Invalid name '{text}'.",
        "Use letters, digits, '-' and '.', beginning with a letter or digit, without '--' or '..' and without '-' or '.' at the end.");
}
