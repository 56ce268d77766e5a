using System.Security.Cryptography;
using System.Text;

namespace Wisp.Api.Http;

/// <summary>Uuids of what has a name and no record: always the same for the same name.</summary>
internal static class StableUuid
{
    /// <summary>The uuid of a thing.</summary>
    /// <param name="kind">What it is, so that two things of one name differ.</param>
    /// <param name="name">Its name.</param>
    public static Guid Of(string kind, string name)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}:{name}"))[..16];
        // RFC 9562: version 8 is free to be anything, the variant is 10.
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
