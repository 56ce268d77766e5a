namespace Wisp.Contracts.Operations;

/// <summary>How far this server carries an operation out.</summary>
public enum SupportLevel
{
    /// <summary>As described.</summary>
    Works,
    /// <summary>It works, with a difference that is written down.</summary>
    Differs,
    /// <summary>It checks the request and answers that it is not supported.</summary>
    NotYet,
}
