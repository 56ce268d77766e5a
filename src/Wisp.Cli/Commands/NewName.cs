using System.CommandLine;
using Wisp.Cli.CommandLine;

namespace Wisp.Cli.Commands;

/// <summary>The name of what is made: an argument, or <c>-n</c>.</summary>
internal sealed class NewName
{
    private readonly Argument<string?> _argument = new("name") { Description = "Its name; made up when not given.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _option = new("-n", "--name") { Description = "Its name, too.", HelpName = "NAME" };

    /// <summary>Lets it be given.</summary>
    public void AddTo(Command command)
    {
        command.Add(_argument);
        command.Add(_option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_argument) is { } one && result.GetValue(_option) is { } other && one != other)
            {
                result.AddError($"Two names are given, '{one}' and '{other}'. Give one of them.");
            }
        });
    }

    /// <summary>What was given, or null.</summary>
    public string? Of(Invocation call) => call.Find(_argument) ?? call.Get(_option);
}
