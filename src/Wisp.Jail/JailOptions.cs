namespace Wisp.Jail;

/// <summary>The command line, shared by both stages.</summary>
internal sealed class JailOptions
{
    public uint UserId { get; private set; }
    public string Root { get; private set; } = "";
    public string Log { get; private set; } = "";
    public string Preload { get; private set; } = "";
    public bool Kvm { get; private set; }
    public List<string> Cgroups { get; } = [];
    public List<string> ReadOnly { get; } = [];
    public List<string> Writable { get; } = [];
    public List<string> Command { get; } = [];

    public static JailOptions Parse(IReadOnlyList<string> args)
    {
        var options = new JailOptions();
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == "--")
            {
                options.Command.AddRange(args.Skip(i + 1));
                break;
            }

            if (args[i] == "--kvm")
            {
                options.Kvm = true;
                continue;
            }

            var value = i + 1 < args.Count ? args[i + 1] : throw new FormatException($"{args[i]} needs a value");
            switch (args[i++])
            {
                case "--uid": options.UserId = uint.Parse(value); break;
                case "--root": options.Root = value; break;
                case "--log": options.Log = value; break;
                case "--preload": options.Preload = value; break;
                case "--cgroup": options.Cgroups.Add(value); break;
                case "--ro": options.ReadOnly.Add(value); break;
                case "--rw": options.Writable.Add(value); break;
                default: throw new FormatException($"unknown option {args[i - 1]}");
            }
        }

        return options is { UserId: > 0, Root.Length: > 0, Log.Length: > 0, Preload.Length: > 0, Command.Count: > 0 }
            ? options
            : throw new FormatException("needs --uid (not 0), --root, --log, --preload and a command after --");
    }
}
