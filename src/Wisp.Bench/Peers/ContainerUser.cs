using System.Globalization;

namespace Wisp.Bench.Peers;

/// <summary>Whom a container runs as. Pure.</summary>
/// <param name="Uid">User id.</param>
/// <param name="Gid">Group id.</param>
internal sealed record ContainerUser(int Uid, int Gid)
{
    /// <summary>Reads an image's USER (a name or an id) with the image's <c>/etc/passwd</c>; null when it names nobody.</summary>
    public static ContainerUser? Find(string user, string passwd)
    {
        if (user.Length == 0)
        {
            return new ContainerUser(0, 0);
        }

        foreach (var line in passwd.Split('\n'))
        {
            if (line.Split(':') is [var name, _, var uid, var gid, ..] && (name == user || uid == user))
            {
                return new ContainerUser(int.Parse(uid, CultureInfo.InvariantCulture), int.Parse(gid, CultureInfo.InvariantCulture));
            }
        }

        return null;
    }
}
