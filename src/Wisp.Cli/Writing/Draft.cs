using Wisp.Cli.Connections;

namespace Wisp.Cli.Writing;

/// <summary>What is about to be sent, and the document that somebody wrote it in.</summary>
/// <param name="Send">False where it is not to be sent.</param>
/// <param name="Text">The document; null where nobody wrote one.</param>
internal sealed record Draft(bool Send, string? Text)
{
    /// <summary>The answer; where something in it was refused, it says where the document is kept.</summary>
    public Result<Listing> Kept(Result<Listing> asked)
    {
        if (Text is null)
        {
            return asked;
        }

        return asked.Failed(out var error, out var answer) ? Keep(Text, error)
            : answer.Failures.Count > 0 ? answer with { Failures = [.. answer.Failures.SkipLast(1), Keep(Text, answer.Failures[^1])] }
            : answer;
    }

    /// <summary>Keeps a document in a file that only its owner reads, because of an error, which then names it.</summary>
    public static WispError Keep(string text, WispError error)
    {
        var path = NewFile();
        try
        {
            Write(path, text);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return error with { NextStep = $"What was written could not be kept in {path}: {exception.Message}" };
        }

        return error with { NextStep = $"What was written is kept in {path}; mend it and try again with --cmd 'cat {path}'." };
    }

    /// <summary>A name for a file that there is not yet.</summary>
    public static string NewFile() => Path.Combine(Path.GetTempPath(), $"wisp-{Path.GetRandomFileName()[..8]}.yaml");

    /// <summary>Writes a file that there is not yet.</summary>
    public static void Write(string path, string text)
    {
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        using var writer = new StreamWriter(file);
        writer.Write(text);
    }
}
