using System.Security.Cryptography;

namespace Wisp.Platform.Naming;

/// <summary>Names for resources that were given none, in the forms the platform API documents.</summary>
public static class NameGenerator
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly string[] Adjectives =
    [
        "amber", "bold", "brisk", "calm", "clear", "cool", "crisp", "dry", "eager", "fair", "fleet", "fresh", "gentle", "glad",
        "green", "keen", "kind", "light", "lively", "lucid", "mild", "neat", "nimble", "pale", "plain", "proud", "quick", "quiet",
        "rapid", "rare", "ready", "sharp", "shy", "silent", "sleek", "slim", "small", "smooth", "snug", "soft", "still", "sunny",
        "swift", "tidy", "vivid", "warm", "wild", "wise",
    ];

    private static readonly string[] Nouns =
    [
        "alder", "ash", "bay", "beam", "birch", "breeze", "brook", "cedar", "cliff", "cloud", "comet", "coral", "creek", "dawn",
        "delta", "dew", "dune", "ember", "fern", "field", "fjord", "flame", "frost", "glade", "grove", "harbor", "haze", "hill",
        "lake", "lark", "leaf", "marsh", "meadow", "mist", "moss", "oak", "pine", "pond", "rain", "reef", "ridge", "river",
        "shade", "shore", "spark", "spring", "stone", "tide", "vale", "wave", "willow", "wind",
    ];

    /// <summary>An instance's name: the image's base name and five characters.</summary>
    /// <param name="image">Image name, e.g. <c>acme/web</c>.</param>
    public static string ForInstance(string image) => WithSuffix(image[(image.LastIndexOf('/') + 1)..], 5);

    /// <summary>A replica's name: the given name and five characters.</summary>
    public static string ForReplica(string name) => WithSuffix(name, 5);

    /// <summary>A service group's name: <c>word-word-xxxxxxxx</c>.</summary>
    public static string ForServiceGroup() => DomainLabel();

    /// <summary>A label for a domain: <c>adjective-noun-xxxxxxxx</c>.</summary>
    public static string DomainLabel() =>
        $"{Adjectives[RandomNumberGenerator.GetInt32(Adjectives.Length)]}-{Nouns[RandomNumberGenerator.GetInt32(Nouns.Length)]}-{Random(8)}";

    /// <summary>A label for the domain of a named group: <c>name-xxxxxxxx</c>.</summary>
    public static string DomainLabel(string groupName) => WithSuffix(groupName.Replace('.', '-'), 8);

    /// <summary>A certificate's name: the host and five characters.</summary>
    /// <param name="host">Host, or a wildcard.</param>
    public static string ForCertificate(string host) => WithSuffix(host.Replace("*.", "wildcard.", StringComparison.Ordinal), 5);

    private static string WithSuffix(string name, int length)
    {
        var room = ResourceName.MaxLength - length - 1;
        // Also of a name that an earlier rule allowed.
        var head = ResourceName.Nearest(name.Length > room ? name[..room] : name);
        return $"{(head.Length > 0 ? head : "instance")}-{Random(length)}";
    }

    private static string Random(int length) => RandomNumberGenerator.GetString(Alphabet, length);
}
