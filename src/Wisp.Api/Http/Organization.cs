using System.Text;

namespace Wisp.Api.Http;

/// <summary>Whom a token belongs to: clients take a token for base64 of <c>robot$organisation.user:secret</c>, and so does this server.</summary>
internal static class Organization
{
    private const string Unknown = "wisp";

    /// <summary>The organisation that a token names.</summary>
    public static string Of(string token)
    {
        var text = Decode(token);
        if (text.IndexOf(':', StringComparison.Ordinal) is not (> 0 and var end))
        {
            return Unknown;
        }

        var user = text[..end];
        var name = user[(user.LastIndexOf('$') + 1)..].Split('.')[0];
        return name.Length > 0 && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_') ? name : Unknown;
    }

    private static string Decode(string token)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(token));
        }
        catch (FormatException)
        {
            // A token that somebody chose.
            return token;
        }
    }
}
