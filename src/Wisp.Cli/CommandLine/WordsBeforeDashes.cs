using System.CommandLine;
using System.CommandLine.Parsing;

namespace Wisp.Cli.CommandLine;

/// <summary>
/// Finds what the parser takes for an argument and a person did not mean as one: a mistyped option, or words for the guest without
/// the <c>--</c> before them. Pure.
/// </summary>
internal static class WordsBeforeDashes
{
    /// <summary>What is wrong with a command line, or null.</summary>
    public static WispError? Check(ParseResult parsed)
    {
        // The parser does not say on which side of the -- an argument was; what is behind it is always an argument, and the last.
        var behind = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Skip(1).Count();
        var arguments = parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(result => result.Tokens.Select(token => (result.Argument, token.Value))).SkipLast(behind).ToArray();
        return arguments.FirstOrDefault(word => word.Value is ['-', _, ..]) is { Value: { } option }
                ? new WispError(ErrorCode.Malformed, $"There is no option '{option}' here.", "What begins with '-' and is no option goes after --.")
            : parsed.CommandResult.Command is Verb { GuestArguments: { } guest } && arguments.FirstOrDefault(word => word.Argument == guest) is { Value: { } extra }
                ? new WispError(ErrorCode.Malformed, $"'{extra}' is one word too many.", "Put the guest's arguments after --.")
            : null;
    }
}
