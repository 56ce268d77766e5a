using Wisp.Api.Http;
using Wisp.Contracts.Operations;

namespace Wisp.Api.Reading;

/// <summary>Checks a body against the shape that the catalogue gives it: what it lacks, what does not belong, what has the wrong type.</summary>
internal static class ShapeReader
{
    public static void Check(JsonObjectReader body, Shape shape)
    {
        foreach (var member in shape.Members)
        {
            if (!Read(body, member) && member.Required)
            {
                throw RequestFailure.Invalid($"'{member.Name}' is missing.");
            }
        }

        body.End();
    }

    // True when it is there.
    private static bool Read(JsonObjectReader body, Member member) => member.Type switch
    {
        MemberType.Text => Word(body.String(member.Name), member),
        MemberType.Integer => body.Integer(member.Name) is not null,
        MemberType.Boolean => body.Boolean(member.Name) is not null,
        MemberType.Texts => body.Strings(member.Name) is not null,
        MemberType.Map => body.Map(member.Name) is not null,
        MemberType.Object => Object(body.Object(member.Name), member),
        MemberType.Objects => Objects(body.Objects(member.Name), member),
        MemberType.TextOrObject => body.IsObject(member.Name) ? Object(body.Object(member.Name), member) : body.String(member.Name) is not null,
        _ => body.Any(member.Name) is not null,
    };

    private static bool Word(string? text, Member member) =>
        text is null || member.OneOf.Count == 0 || member.OneOf.Contains(text, StringComparer.Ordinal)
            ? text is not null
            : throw RequestFailure.Invalid($"'{text}' is not a valid '{member.Name}'.", $"Use one of {string.Join(", ", member.OneOf)}.");

    private static bool Object(JsonObjectReader? body, Member member)
    {
        if (body is null)
        {
            return false;
        }

        if (member.Of is { } shape)
        {
            Check(body, shape);
        }

        return true;
    }

    private static bool Objects(IReadOnlyList<JsonObjectReader>? bodies, Member member)
    {
        foreach (var body in bodies ?? [])
        {
            Object(body, member);
        }

        return bodies is not null;
    }
}
