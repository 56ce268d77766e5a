using System.CommandLine;
using System.CommandLine.Parsing;

namespace Wisp.Cli.CommandLine;

/// <summary>Puts our own readers of values behind options and arguments, with their own words when a value is wrong.</summary>
internal static class Parsed
{
    /// <summary>One value.</summary>
    public static Func<ArgumentResult, T?> One<T>(Func<string, Result<T>> parse) where T : class => result =>
        Read(result, result.Tokens[0].Value, parse, out var value) ? value : null;

    /// <summary>One value of a value type.</summary>
    public static Func<ArgumentResult, T?> Optional<T>(Func<string, Result<T>> parse) where T : struct => result =>
        Read(result, result.Tokens[0].Value, parse, out var value) ? value : null;

    /// <summary>As many as were given.</summary>
    public static Func<ArgumentResult, IReadOnlyList<T>?> Many<T>(Func<string, Result<T>> parse) => result =>
    {
        var values = new List<T>();
        foreach (var token in result.Tokens)
        {
            if (!Read(result, token.Value, parse, out var value))
            {
                return null;
            }

            values.Add(value);
        }

        return values;
    };

    /// <summary>A word of a closed set.</summary>
    public static Option<T> Completes<T>(this Option<T> option, params string[] words)
    {
        option.CompletionSources.Add(words);
        return option;
    }

    private static bool Read<T>(ArgumentResult result, string text, Func<string, Result<T>> parse, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T value)
    {
        if (!parse(text).Failed(out var error, out value))
        {
            return true;
        }

        result.AddError(error.ToString());
        return false;
    }
}
