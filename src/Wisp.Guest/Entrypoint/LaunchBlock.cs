using System.Text;

namespace Wisp.Guest.Entrypoint;

/// <summary>
/// What the second stage is told, as bytes in a memory file: it must not come by its own environment or arguments, because those
/// would speak to the .NET runtime in it before the application.
/// </summary>
internal sealed record LaunchBlock(
    string Program, IReadOnlyList<string> Argv, IReadOnlyList<string> Environment, string WorkingDirectory, Identity Identity)
{
    /// <summary>Fields separated by NUL, lists preceded by their length.</summary>
    public byte[] Encode()
    {
        string[] fields =
        [
            Program, WorkingDirectory, Text(Identity.User), Text(Identity.Group), Identity.Home,
            Text(Identity.Supplementary.Length), .. Identity.Supplementary.Select(Text),
            Text(Argv.Count), .. Argv, Text(Environment.Count), .. Environment,
        ];
        return Encoding.UTF8.GetBytes(string.Join('\0', fields));
    }

    /// <summary>The reverse.</summary>
    public static LaunchBlock Decode(ReadOnlySpan<byte> bytes)
    {
        var fields = new Queue<string>(Encoding.UTF8.GetString(bytes).Split('\0'));
        var (program, directory, user, group, home) = (fields.Dequeue(), fields.Dequeue(), Number(fields), Number(fields), fields.Dequeue());
        var supplementary = List(fields).Select(uint.Parse).ToArray();
        return new LaunchBlock(program, List(fields), List(fields), directory, new Identity(user, group, supplementary, home));
    }

    private static string Text<T>(T value) where T : notnull => value.ToString()!;

    private static uint Number(Queue<string> fields) => uint.Parse(fields.Dequeue());

    private static List<string> List(Queue<string> fields)
    {
        var list = new List<string>();
        for (var left = Number(fields); left > 0; left--)
        {
            list.Add(fields.Dequeue());
        }

        return list;
    }
}
