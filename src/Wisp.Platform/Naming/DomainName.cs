using System.Text.RegularExpressions;

namespace Wisp.Platform.Naming;

/// <summary>The rule for names of hosts (RFC 1123 §2.1, RFC 1035 §2.3.4).</summary>
internal static partial class DomainName
{
    private const int MaxLength = 253;

    /// <summary>What is wrong with a name, or null.</summary>
    public static WispError? Check(string domain) =>
        domain.Length <= MaxLength && Pattern().IsMatch(domain)
            ? null
            : new WispError(ErrorCode.InvalidValue, $"Invalid DNS name '{domain}'.", "A domain is made of labels of letters, digits and '-', separated by dots.");

    [GeneratedRegex(@"^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
