namespace Wisp.Api;

/// <summary>Limits of the API.</summary>
public static class ApiLimits
{
    /// <summary>The longest request body, in bytes.</summary>
    public const long MaxBodyBytes = 8 * 1024 * 1024;

    /// <summary>The most items in one request.</summary>
    public const int MaxItems = 1024;
}
