using System.Globalization;

namespace Wisp.Guest.Entrypoint;

/// <summary>Resolves USER as Docker does, from the image's /etc/passwd and /etc/group. Pure.</summary>
internal static class UserDatabase
{
    /// <summary>Resolves a USER.</summary>
    /// <param name="user"><c>name</c>, <c>uid</c>, <c>name:group</c>, <c>uid:gid</c>; empty is root.</param>
    /// <param name="passwd">Text of /etc/passwd, or null.</param>
    /// <param name="groups">Text of /etc/group, or null.</param>
    /// <param name="identity">Who that is.</param>
    /// <param name="failure">Why not, in Docker's words.</param>
    public static bool TryResolve(string user, string? passwd, string? groups, out Identity identity, out string? failure)
    {
        identity = new Identity(0, 0, [], "/");
        failure = null;
        var parts = user.Split(':', 2);
        var name = parts[0].Length > 0 ? parts[0] : "0";
        var entries = Lines(passwd);
        // A number is always an id, even where an entry bears it as its name.
        var entry = IsId(name, out var uid)
            ? entries.FirstOrDefault(fields => fields.Length >= 4 && IsId(fields[2], out var id) && id == uid)
            : entries.FirstOrDefault(fields => fields.Length >= 4 && fields[0] == name);
        var gid = 0u;
        if (entry is null ? !IsId(name, out _) : !(IsId(entry[2], out uid) && IsId(entry[3], out gid)))
        {
            failure = $"unable to find user {name}: no matching entries in passwd file";
            return false;
        }

        var home = entry is { Length: > 5 } && entry[5].Length > 0 ? entry[5] : "/";
        uint[] supplementary = [];
        if (parts.Length == 2 && parts[1].Length > 0)
        {
            var group = Lines(groups).FirstOrDefault(fields => fields.Length >= 3 && fields[0] == parts[1]);
            if (!IsId(parts[1], out gid) && !IsId(group?[2] ?? "", out gid))
            {
                failure = $"unable to find group {parts[1]}: no matching entries in group file";
                return false;
            }
        }
        else if (entry is not null)
        {
            supplementary = [.. Lines(groups)
                .Where(fields => fields.Length >= 4 && fields[3].Split(',').Contains(entry[0], StringComparer.Ordinal))
                .Select(fields => IsId(fields[2], out var id) ? id : gid)
                .Where(id => id != gid)
                .Distinct()];
        }

        identity = new Identity(uid, gid, supplementary, home);
        return true;
    }

    private static string[][] Lines(string? text) =>
        [.. (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#')).Select(line => line.TrimEnd('\r').Split(':'))];

    private static bool IsId(string text, out uint id) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);
}
