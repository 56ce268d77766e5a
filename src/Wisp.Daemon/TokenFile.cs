using System.Security.Cryptography;
using System.Text;
using Wisp.Layout;

namespace Wisp.Daemon;

/// <summary>The API token: made once, readable by its owner only.</summary>
internal static class TokenFile
{
    /// <summary>Makes the token when there is none.</summary>
    public static void Ensure(DataDirectory data)
    {
        if (File.Exists(data.TokenFile))
        {
            return;
        }

        // Clients decode a token as base64 of "user:password" when they log in to a registry with it.
        var token = Convert.ToBase64String(Encoding.ASCII.GetBytes($"robot$wisp:{RandomNumberGenerator.GetHexString(48, lowercase: true)}"));
        var temporary = data.TokenFile + ".new";
        using (var file = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            file.Write(Encoding.ASCII.GetBytes(token + "\n"));
        }

        File.Move(temporary, data.TokenFile);
    }
}
