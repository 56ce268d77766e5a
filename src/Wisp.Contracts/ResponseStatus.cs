namespace Wisp.Contracts;

/// <summary>The values of <c>status</c>.</summary>
public static class ResponseStatus
{
    /// <summary>All went well.</summary>
    public const string Success = "success";
    /// <summary>All failed.</summary>
    public const string Error = "error";
    /// <summary>Some failed.</summary>
    public const string PartialSuccess = "partial_success";
}
